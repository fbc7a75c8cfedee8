/** Names that say a column keeps money. */
import { wordsOf } from "../names.ts";

/** Whether some word of the name is about money and none says otherwise. */
export function namesMoney(name: string): boolean {
  const words = wordsOf(name);
  return words.some((word) => money.has(word)) && !words.some((word) => notMoney.has(word));
}

const money = new Set(
  (
    "amount amounts balance balances budget budgets charge charges commission cost costs credit debit deposit discount earnings expense " +
    "expenses fee fees fine fines income invoiced margin mrr arr ltv payment payments payout payouts price prices profit profits refund " +
    "refunds revenue revenues salaries salary spend spending subtotal tax taxes tip tips total totals turnover vat wage wages"
  ).split(" "),
);

/** Beside one of these words the column holds no money: a ratio, a count, a duration, a size, a place. */
const notMoney = new Set(
  (
    "percent percentage pct rate rates ratio ratios factor factors score scores weight weights multiplier probability confidence index " +
    "count counts number quantity qty units items points rank rating days hours minutes seconds secs ms time duration latency distance km " +
    "miles meters lat lng lon latitude longitude bytes kb mb gb size memory cpu temperature kg grams liters litres volume tokens calories " +
    "users orders views clicks steps rows level variance deviation stddev"
  ).split(" "),
);
