using System.Globalization;
using Surveillance.Detection.Pii;
using Surveillance.Detection.Pii.Readers;

namespace Surveillance.Engine.Tests.Detection.Pii.Checks;

/// <summary>Values of a type whose check a module of python-stdnum knows too.</summary>
/// <param name="Type">Name of the type.</param>
/// <param name="Module">The module, as in <c>gb.nhs</c>.</param>
/// <param name="Outlines">The values (see <see cref="Outline"/>), each with every digit in place of a <c>?</c> and every digit and letter in place of a <c>*</c>.</param>
internal sealed record StdnumValues(string Type, string Module, params string[] Outlines)
{
    /// <summary>Which values are compared; all others differ on purpose, for the reason that stands beside it.</summary>
    internal Predicate<string> Where { get; init; } = static _ => true;

    /// <summary>How the module writes a value.</summary>
    internal Func<string, string> Written { get; init; } = static v => v;
}

/// <summary>Every type whose checksum python-stdnum knows. Where the two differ on purpose, the values compared are those of which both speak.</summary>
internal static class StdnumTable
{
    private static readonly string[] WithNationalCheckDigits = ["BE", "ES", "ME", "NO"]; // stdnum tests those too

    private static readonly string[] RegisteredLater = ["FK", "HN", "MN", "NI", "OM", "SO", "YE"]; // than stdnum 1.18

    internal static readonly StdnumValues[] All =
    [
        // General algorithms.
        new("ae-emirates-id", "luhn", "784#{11}?") { Written = Digits },
        new("iccid", "luhn", "89#{16}?", "89#{17}?"),
        new("ng-nin", "verhoeff", "#{10}?"),
        new("sa-national-id", "luhn", "[12]#{8}?"),
        new("us-npi", "luhn", "[12]#{8}?") { Written = v => "80840" + v },
        new("ca-health-card", "luhn", "####-###-##?-@@", "#### ### ##?") { Written = Digits },
        new("payment-card", "luhn", "4#{14}?", "5[1-5]#{13}?", "3[47]#{12}?", "6011#{11}?", "35[3-8]#{12}?", "4#{11}?", "62#{16}?") { Written = Digits }, // an issuer's range; others are no card
        new("imei", "imei", "35#{12}?", "49#{12}?", "86#{12}?", "01#{12}?"), // a reporting body's range; others are no device
        new("bitcoin-address", "bitcoin", "1[A-H]#*[a-k]{28}", "3[a-k]{31}**"), // hardly one is right: CheckOracleTests has those
        .. IbanCountries(),

        // The Americas.
        new("ar-cuit", "ar.cuit", "2[0347]#{8}?", "3[034]#{8}?", "##-#{8}-?") { Where = v => v[0] != '5' && Rest(v, "5432765432", 11) != 1 }, // 50, 51 and 55 belong to firms abroad; a rest of 1 is given 23 or 33 in front
        new("br-cnpj", "br.cnpj", "#{12}??"),
        new("br-cpf", "br.cpf", "#{9}??"),
        new("ca-sin", "ca.sin", "[1-79]#{7}?"), // 0 is not given, 8 means a business
        new("cl-rut", "cl.rut", "#{8}-*", "#{7}-*"),
        new("co-nit", "co.nit", "#{9}-?"),
        new("mx-curp", "mx.curp", "@XX@<yymmdd>[HM]DF@{3}#?", "@XX@<yymmdd>[HM]NT@{3}[A-J]?", "@XX@#{6}[HM]VZ@{3}#?"), // real states, no rude words
        new("us-routing-number", "us.rtn", "0[1-9]#{6}?", "[23][12]#{6}?", "80#{6}?"), // a Federal Reserve district

        // Asia, Oceania, Africa.
        new("au-abn", "au.abn", "??#{9}") { Where = v => !v.StartsWith("10", StringComparison.Ordinal) }, // 10 and 99 leave the same rest, stdnum takes 99 alone
        new("au-acn", "au.acn", "#{8}?"),
        new("au-tfn", "au.tfn", "#{8}?"),
        new("cn-resident-id", "cn.ric", "110105<yyyymmdd>###*", "310104<yyyymmdd>###*", "440304#{11}*", "5101071980####00#*"), // districts of its table
        new("cn-uscc", "cn.uscc", "9[1-3]#{6}[0-9A-HJ-NP-RTUW-Y]{9}*"), // a letter in front means a kind of body that stdnum does not know
        new("il-id", "il.idnr", "#{8}?"),
        new("in-aadhaar", "in_.aadhaar", "#{11}?"),
        new("in-gstin", "in_.gstin", "0[1-9]@@@[ABCFGHJLPT]@[1-9]###@[1-9]Z*", "3[0-7]@@@[ABCFGHJLPT]@[1-9]###@@Z*"), // states up to 37, kinds of holder that exist
        new("jp-corporate-number", "jp.cn", "?#{12}"),
        new("kr-rrn", "kr.rrn", "<yymmdd>[1-4][0-8]####?", "#{6}[1-4][0-8]####?") { Where = NotLeapDay }, // places up to 96
        new("nz-ird", "nz.ird", "#{7}?", "#{8}?"),
        new("sg-uen", "sg.uen", "#{8}*", "20[01]#{6}*", "19#{7}*", "[TS]0#LL####*", "R##FC####*"), // years up to now, kinds of body that exist
        new("th-tnin", "th.pin", "[1-8]10#{9}?", "[1-8]50#{9}?", "[1-8]96#{9}?"), // a province
        new("za-id-number", "za.idnr", "<yymmdd>####[01]#?", "#{6}####[01]#?") { Where = NotLeapDay }, // 2 means a refugee

        // Europe.
        new("at-svnr", "at.vnr", "[1-9]##?<ddmmyy>"), // the date must be one
        new("at-vat", "at.uid", "ATU#{7}?"),
        new("be-company-number", "be.vat", "[01]#{7}??") { Where = v => int.Parse(v[8..], CultureInfo.InvariantCulture) is > 0 and < 98 }, // stdnum takes 00 for 97
        new("be-national-number", "be.nn", "<yymmdd>###??", "0[0-9]0[1-9]1####??"),
        new("bg-egn", "bg.egn", "<yymmdd>###?", "#{9}?") { Where = NotLeapDay },
        new("ch-ahv", "ch.ssn", "756#{9}?"),
        new("ch-uid", "ch.uid", "CHE#{8}?"),
        new("cy-tic", "cy.vat", "[013459]#{7}*"),
        new("cz-birth-number", "cz.rc", "<yymmdd>###?", "##5[1-9]0#####?", "##[0-6]#[0-3]#####?") { Where = NotLeapDay },
        new("cz-ico", "cz.dic", "[0-8]#{6}?"), // with 9 in front it is no tax number
        new("de-tax-id", "de.idnr", "[1-9]#{9}?", "12345678[0-9]9?", "9876543[0-9][0-9]1?", "1[0-9]30456789?"),
        new("de-vat-id", "de.vat", "DE#{8}?"),
        new("dk-cvr", "dk.cvr", "#{7}?"),
        new("ee-isikukood", "ee.ik", "[1-6]<yymmdd>###?", "[1-6]#{9}?") { Where = v => NotLeapDay(v[1..]) },
        new("ee-isikukood", "lt.asmens", "[1-6]<yymmdd>###?"),
        new("es-cif", "es.cif", "@#{7}*"),
        new("es-nie", "es.nie", "[XYZ]#{7}*"),
        new("es-nif", "es.nif", "#{8}*"),
        new("fi-business-id", "fi.ytunnus", "#{7}-?"),
        new("fi-hetu", "fi.hetu", "<ddmmyy>[-+A][0-8]##*", "#{6}-[0-8]##*") { Where = v => !v.StartsWith("2902", StringComparison.Ordinal) },
        new("fr-nir", "fr.nir", "[12]##<mm>#{8}??", "[12]##<mm>[123][ABC]#{6}??"), // a month
        new("fr-vat", "fr.tva", "FR??[1-9]#{7}?", "FR*?[1-9]#{7}?", "FR?*[1-9]#{7}?"),
        new("fr-siren", "fr.siren", "#{8}?"),
        new("fr-siret", "fr.siret", "#{8}?####?", "356000000####?", "35600000000048"),
        new("gb-chi", "gb.nhs", "<ddmmyy>###?"), // a date
        new("gb-nhs", "gb.nhs", "#{9}?"),
        new("gb-utr", "gb.utr", "?#{9}"),
        new("gb-vat", "gb.vat", "GB#{7}??", "GB0#{6}??") { Where = v => (Rest(v[2..9], "8765432", 97) + int.Parse(v[9..], CultureInfo.InvariantCulture)) % 97 != 55 }, // HMRC knows 42, not 55
        new("gr-afm", "gr.vat", "#{8}?"),
        new("hr-oib", "hr.oib", "#{10}?"),
        new("ie-pps", "ie.pps", "#{7}*", "#{7}*A", "#{7}*H", "#{7}*W"), // B to I are kept for later, T and X are of before 1999
        new("is-kennitala", "is_.kennitala", "<ddmmyy>##?[09]", "[0-7]#0#####?[09]") { Where = v => !v.StartsWith("2902", StringComparison.Ordinal) }, // 8 stands for numbers without a date
        new("it-fiscal-code", "it.codicefiscale", "@{6}##[A-EHLMPRST][0-7]#@###*", "@{6}[0-9LMNPQRSTUV]{2}[A-EHLMPRST][LMNP0-7][0-9LMNPQRSTUV]@[0-9LMNPQRSTUV]{3}*"),
        new("it-vat", "it.iva", "#{7}0##?", "#{7}[189][0289][0189]?") { Where = v => v[7..10].CompareTo("101") < 0 || v[7..10].CompareTo("119") > 0 }, // offices of later provinces
        new("lv-personas-kods", "lv.pvn", "[0-3]#<mm>##-1###?", "<ddmmyy>-1###?"),
        new("nl-bsn", "nl.bsn", "#{8}?"),
        new("nl-vat", "nl.btw", "NL#{9}B??", "NL#{8}?B0#"),
        new("no-fodselsnummer", "no.fodselsnummer", "<ddmmyy>[0-4]##??", "[4-7]#0[1-9]##[0-4]##??", "[0-3]#4[1-9]##[0-4]##??"), // centuries that are told by the number
        new("no-org-number", "no.orgnr", "[89]#{7}?"), // others are not given
        new("pl-nip", "pl.nip", "#{9}?"),
        new("pl-pesel", "pl.pesel", "<yymmdd>####?", "##2[1-9]0#####?", "##8[1-9]1#####?") { Where = NotLeapDay }, // 40 and 60 are added from 2100
        new("pl-regon", "pl.regon", "#{8}?"),
        new("pt-nif", "pt.nif", "[1-35-9]#{7}?", "45#{6}?"), // other numbers with 4 in front are not given
        new("ro-cnp", "ro.cnp", "[1-9]<yymmdd>[1-3]####?", "[1-9]#{6}[1-3]####?") { Where = v => NotLeapDay(v[1..]) }, // a county
        new("ru-inn", "ru.inn", "#{9}?", "#{10}??"),
        new("se-org-number", "se.orgnr", "##[2-9]######?"), // a month is below 13
        new("se-personnummer", "se.personnummer", "<yymmdd>-###?", "[4-9]#[01]#[0-3]#-###?") { Where = NotLeapDay }, // 60 is added to the day for numbers of visitors
        new("si-emso", "si.emso", "<ddmm>9[4-9]#50###?", "[0-3]#<mm>00#50###?") { Where = v => Rest(v, "765432765432", 11) != 1 }, // sources differ: not given, or 0
        new("si-tax-number", "si.ddv", "#{7}?"),
        new("sk-vat", "sk.dph", "SK[1-9]#[2-47-9]#{6}?", "SK[1-9]#[0156]#{6}?") { Where = v => int.Parse(v[4..6], CultureInfo.InvariantCulture) % 50 % 20 is 0 or > 12 }, // a birth number is one too, by stdnum
        new("tr-national-id", "tr.tckimlik", "#{9}??"),
        new("tr-vkn", "tr.vkn", "#{9}?"),
        new("ua-rnokpp", "ua.rntrc", "#{9}?"),
    ];

    /// <summary>Whether a reader or the forms and checks of a pack take a whole value for a right one.</summary>
    /// <param name="type">Name of the type.</param>
    /// <param name="value">The value as captured.</param>
    internal static bool IsRight(string type, string value)
    {
        var pack = PiiTypes.Of(type)!;
        var folded = value.ToLowerInvariant();
        var plain = string.Concat((pack.Case == LetterCase.Exact ? value : folded).Where(char.IsAsciiLetterOrDigit));
        return pack.Reader switch
        {
            "cards" => PaymentCards.PaymentCard.Check.Test(plain) != Verdict.Fails,
            "ibans" => Ibans.Iban.Check.Test(plain) != Verdict.Fails,
            _ => pack.Forms.Any(f => f.Format.Match(folded, 0) == folded.Length) && pack.Check.Test(plain) == Verdict.Passes,
        };
    }

    private static string Digits(string value) => string.Concat(value.Where(char.IsAsciiDigit));

    /// <summary>The rest of the sum of digits by weights.</summary>
    private static int Rest(string value, string weights, int modulus) => Digits(value).Zip(weights, (c, w) => (c - '0') * (w - '0')).Sum() % modulus;

    /// <summary>A year of two digits fits 29 February where any century does; stdnum takes one century.</summary>
    private static bool NotLeapDay(string value) => value[2..6] is not ("0229" or "5229" or "2229" or "4229" or "7229" or "8229");

    /// <summary>Each country's own form, and forms with a letter in place of a digit.</summary>
    private static IEnumerable<StdnumValues> IbanCountries() => Ibans.Countries.Except([.. WithNationalCheckDigits, .. RegisteredLater]).Select(country =>
    {
        var format = Ibans.FormatOf(char.ToLowerInvariant(country[0]), char.ToLowerInvariant(country[1]))!;
        var signs = format.Select(c => c switch { 'n' => '#', 'a' => '@', _ => '&' }).ToArray();
        var places = new[] { 0, format.Length / 2, format.Length - 1 };
        return new StdnumValues("iban", "iban", [$"{country}??{new string(signs)}", .. places.Select(p => $"{country}??{new string(signs[..p])}@{new string(signs[(p + 1)..])}")]);
    });
}
