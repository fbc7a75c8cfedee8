/**
 * The words by which personal data is recognised: runs of words of a name, joined, without accents and in lower case.
 * English first, then the languages in which schemas are most often written.
 */

export interface DataMeaning {
  /** With its article, for a sentence. */
  readonly what: string;
  /** A weak word is personal only in a table that is named after people: `name` of a user, not of a product. */
  readonly strength: "strong" | "weak";
  readonly isSpecial: boolean;
  /** What may hold it besides text: a date of birth a date, an IP address an inet, a religion an enum. */
  readonly types: "text" | "date" | "address" | "choice";
}

const groups: readonly (Omit<DataMeaning, "isSpecial"> & { readonly isSpecial?: boolean; readonly names: string })[] = [
  {
    what: "an e-mail address",
    strength: "strong",
    types: "text",
    names:
      "email emailaddress emails useremail contactemail courriel adressemail correo correoelectronico posta postaelettronica epost メール 邮箱 郵箱",
  },
  {
    what: "a telephone number",
    strength: "strong",
    types: "text",
    names:
      "phone phonenumber phoneno telephone telephonenumber mobile mobilenumber mobilephone cellphone faxnumber whatsapp telefon telefonnummer " +
      "handy handynummer rufnummer telefonnr telefono telefone celular movil cellulare telefoonnummer 电话 電話 手机 手機",
  },
  {
    what: "a person's name",
    strength: "strong",
    types: "text",
    names:
      "firstname lastname surname familyname givenname middlename maidenname legalname forename vorname nachname familienname " +
      "prenom nomfamille nomdefamille apellido apellidos sobrenome cognome voornaam achternaam imie nazwisko fornavn etternavn fornamn efternamn 姓名 氏名",
  },
  {
    what: "a person's name",
    strength: "weak",
    types: "text",
    names: "name fullname username displayname nickname nombre nome nom naam navn namn login",
  },
  {
    what: "a postal address",
    strength: "strong",
    types: "text",
    names: "homeaddress postaladdress mailingaddress residentialaddress privateaddress wohnanschrift privatadresse domicilio 住所",
  },
  {
    what: "a postal address",
    strength: "weak",
    types: "text",
    names:
      "address street streetaddress streetname addressline zip zipcode postcode postalcode adresse anschrift strasse hausnummer plz rue codepostal " +
      "direccion endereco indirizzo straatnaam 地址",
  },
  {
    what: "a date of birth",
    strength: "strong",
    types: "date",
    names:
      "birthdate birthday dateofbirth dob birthdt geburtsdatum geburtstag geburtstagsdatum datenaissance datedenaissance fechanacimiento " +
      "fechadenacimiento datanascita datanascimento datadenascimento geboortedatum dataurodzenia 生年月日",
  },
  {
    what: "a number that identifies a person",
    strength: "strong",
    types: "text",
    names:
      "ssn socialsecuritynumber socialsecurity nationalid nationalidnumber nationalinsurancenumber passport passportnumber passportno " +
      "driverlicense driverslicense driverlicensenumber drivinglicence personalausweis ausweisnummer sozialversicherungsnummer steuerid " +
      "numerosecuritesociale dni nie cpf codicefiscale bsn pesel personnummer 身份证",
  },
  {
    what: "a bank account or card",
    strength: "strong",
    types: "text",
    names: "iban bankaccountnumber cardnumber creditcard creditcardnumber cardholdername cvv cvc kontonummer",
  },
  {
    what: "an IP address",
    strength: "strong",
    types: "address",
    names: "ip ipaddress ipaddr remoteip clientip userip lastip lastloginip remoteaddr",
  },
  {
    what: "health data",
    strength: "strong",
    isSpecial: true,
    types: "choice",
    names:
      "diagnosis diagnoses disease diseases illness allergies allergy medication medications symptoms bloodtype bloodgroup disability " +
      "disabilities medicalhistory medicalnotes medicalcondition medicalconditions healthstatus healthcondition hivstatus pregnant ispregnant " +
      "krankheit krankheiten allergien behinderung schwerbehindert schwerbehinderung diagnose blutgruppe maladie handicap enfermedad discapacidad alergias malattia",
  },
  {
    what: "religion or belief",
    strength: "strong",
    isSpecial: true,
    types: "choice",
    names: "religion religiousbelief religiousbeliefs religiousaffiliation konfession religionszugehorigkeit",
  },
  {
    what: "ethnic origin",
    strength: "strong",
    isSpecial: true,
    types: "choice",
    names: "ethnicity ethnicgroup ethnicorigin ethnicities raceethnicity racialorigin herkunft ethnie etnia",
  },
  {
    what: "political opinion",
    strength: "strong",
    isSpecial: true,
    types: "choice",
    names: "politicalparty politicalaffiliation politicalopinion politicalopinions politicalviews parteizugehorigkeit",
  },
  {
    what: "sexual orientation",
    strength: "strong",
    isSpecial: true,
    types: "choice",
    names: "sexualorientation sexlife sexuelleorientierung orientationsexuelle orientacionsexual",
  },
  {
    what: "trade union membership",
    strength: "strong",
    isSpecial: true,
    types: "choice",
    names: "unionmembership tradeunion tradeunionmembership unionmember gewerkschaft syndicat sindicato",
  },
  {
    what: "biometric or genetic data",
    strength: "strong",
    isSpecial: true,
    types: "text",
    names: "biometric biometrics biometricdata biometrictemplate faceprint voiceprint geneticdata genetictest",
  },
  {
    what: "a criminal record",
    strength: "strong",
    isSpecial: true,
    types: "choice",
    names: "criminalrecord criminalhistory criminalconvictions vorstrafen",
  },
];

export const namesOfData: ReadonlyMap<string, DataMeaning> = new Map(
  groups.flatMap(({ names, isSpecial = false, what, strength, types }) =>
    names.split(" ").map((name) => [name, { what, strength, types, isSpecial }] as const),
  ),
);

/** By name, what to call it in a sentence. */
export const namesOfSecrets: ReadonlyMap<string, string> = new Map(
  (
    [
      [
        "a password",
        "password passwd passphrase userpassword passwort kennwort motdepasse contrasena senha wachtwoord haslo 密码 パスワード",
      ],
      [
        "a secret",
        "secret clientsecret webhooksecret signingsecret sharedsecret consumersecret appsecret secretkey totpsecret otpsecret mfasecret twofactorsecret",
      ],
      ["a key", "privatekey apikey apisecret signingkey encryptionkey accesskey servicekey"],
      ["a token", "accesstoken refreshtoken authtoken apitoken bearertoken resettoken resetpasswordtoken passwordresettoken oauthtoken"],
      ["recovery codes", "recoverycode recoverycodes backupcode backupcodes"],
    ] as const
  ).flatMap(([what, names]) => names.split(" ").map((name) => [name, what] as const)),
);

/** Words that say that a secret cannot be read, or that it is none. */
export const wordsOfUnreadable: ReadonlySet<string> = new Set(
  (
    "hash hashed hashes digest digested encrypted encryption crypt bcrypt argon scrypt pbkdf sha md cipher ciphertext salt salted sealed kms vault arn ref " +
    "reference masked redacted public publishable pk hint policy preview prefix suffix fingerprint thumbprint name header"
  ).split(" "),
);

/**
 * A name that goes on to end in one of these speaks about the data and does not hold it: `email_verified`,
 * `phone_type`, `password_reset_at`; but `card_number` is all data.
 */
export const lastWordsThatDescribe: ReadonlySet<string> = new Set(
  (
    "id ids uuid at on by count counts total number code codes key keys link verified confirmed enabled disabled required allowed active valid sent " +
    "type types kind status state template templates subject body html text format label placeholder pattern regex mask provider domain domains " +
    "settings setting config configuration options preference preferences index column field fields expires expiry expiration expired changed " +
    "updated created deleted version length strength policy salt url uri source order priority visibility visible public notification " +
    "notifications frequency consent optin optout prefix suffix country locale language enum flag scope scopes age extension token tokens"
  ).split(" "),
);

/** Words of tables whose users and clients are programs. */
export const machineWords: ReadonlySet<string> = new Set("oauth oauth2 api http sso saml service database db machine".split(" "));

/** What people are called as the last word of a table's name; singular and plural. */
export const peopleWords: ReadonlySet<string> = new Set(
  (
    "user users person persons people customer customers contact contacts employee employees patient patients member members student students " +
    "applicant applicants candidate candidates guest guests subscriber subscribers profile profiles passenger passengers attendee attendees " +
    "participant participants lead leads tenantuser resident residents donor donors voter voters staff client clients doctor doctors teacher teachers " +
    "nutzer benutzer kunde kunden mitarbeiter mitarbeiterin mitglied mitglieder patienten kontakt kontakte utilisateur utilisateurs usuario usuarios " +
    "usuaria clientes cliente persona personas empleado empleados utente utenti gebruiker gebruikers klant klanten uzytkownik uzytkownicy bruker brukere 用户 顧客 ユーザー"
  ).split(" "),
);
