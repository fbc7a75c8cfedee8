/** An SVG document as a PNG image, drawn by the browser that shows it. Needs `img-src data:` in the page's policy. */

/** What browsers draw at most, in pixels: of a side, and of the whole. https://developer.mozilla.org/docs/Web/HTML/Element/canvas#maximum_canvas_size */
const longestSide = 16_384;
const largestArea = 128_000_000;

/** Base64 of the image. `scale` is in pixels for each pixel of the document; less where the image would be larger than browsers draw. */
export async function pngOf(svg: string, scale = 2): Promise<string> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const { naturalWidth: width, naturalHeight: height } = image;
  const by = Math.min(scale, longestSide / Math.max(width, height), Math.sqrt(largestArea / (width * height)));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.floor(width * by));
  canvas.height = Math.max(1, Math.floor(height * by));
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("There is no canvas to draw the image on.");
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  const [, data = ""] = canvas.toDataURL("image/png").split(",");
  if (data === "") throw new Error("The image is too large to be drawn.");
  return data;
}
