namespace Surveillance.Engine.Tests.Detection.Pii;

/// <summary>How a type is written where its authority prints it, apart from the packs: outlines (see <see cref="Outline"/>), their separators, and whether the value is kept alone.</summary>
/// <param name="Type">Name of the type.</param>
/// <param name="Separators">One character each; <c>0</c> stands for none.</param>
/// <param name="Outlines">The outlines.</param>
internal sealed record Published(string Type, string Separators, params string[] Outlines)
{
    /// <summary>Whether shape and check are rare enough to be kept without any other evidence.</summary>
    internal bool Bare { get; init; } = true;

    /// <summary>Whether small letters are as good.</summary>
    internal bool AnyCase { get; init; } = true;

    /// <summary>A shape that is nothing without its word.</summary>
    internal Published Weak => this with { Bare = false };

    /// <summary>Capitals only.</summary>
    internal Published Exact => this with { AnyCase = false };

    /// <summary>Words to stand before it in place of the pack's own; null for those.</summary>
    internal string[]? Words { get; init; }

    internal static readonly Published[] All =
    [
        // The English-speaking countries.
        new("us-ssn", "- ", "[1-6]##_[1-9]#_[1-9]###"), new Published("us-ssn", "0", "[1-6]##_[1-9]#_[1-9]###").Weak,
        new("us-itin", "- 0", "9##_[78]#_####"),
        new("us-mbi", "-0", "[1-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]#_[AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]#_[AC-HJKMNP-RT-Y]{2}##"),
        new("us-npi", "0 -", "1###_###_###"),
        new("us-dea", "0", "[ABFGM]@#{7}", "[ABFGM]9#{7}"),
        new("us-routing-number", "-0", "[0][1-9]##_####_#", "[123][12]##_####_#"),
        new Published("us-bank-account", "0", "#{10}", "#{12}").Weak,
        new Published("us-driver-license", "0", "@#{7}", "@#{12}").Weak,
        new Published("us-passport", "0", "[AXYZ]#{8}", "[1-9]#{8}").Weak,
        new Published("us-ein", "-", "[1-4][0-6]_#{7}").Weak,
        new("gb-nhs", " -0", "[469]##_###_####"),
        new("gb-nino", " -0", "[ABCEHJLM][ABCEHJLM]_##_##_##_[A-D]"),
        new("gb-postcode", " 0", "[BGLMNSW]#_#[ABD-HJLNP-UW-Z]{2}", "[BGLMNS]##_#[ABD-HJLNP-UW-Z]{2}", "[BCDES][ABHNY]#_#[ABD-HJLNP-UW-Z]{2}", "W1[A-HJ-NPRSTUVWXY]_#[ABD-HJLNP-UW-Z]{2}", "N1[CP]_#[ABD-HJLNP-UW-Z]{2}", "[SE][CW]1A_#[ABD-HJLNP-UW-Z]{2}"),
        new("gb-driving-licence", "0", "@{5}#[05][1-9][012][1-8]#@{2}#@@", "@@@99#[16][012][012][1-8]#@9[2-9]@@"),
        new("gb-plate", " 0", "[ABCDEFGHKLMNOPRSVWY][ABCDEFGHKLMNOPRSVWY][0-2][2-9]_[ABCDEFGHJKLMNOPRSTUVWXYZ]{3}"),
        new Published("gb-plate", " ", "[A-HJ-NPR-T]#{3}_[A-HJ-PR-Y]{3}").Weak,
        new("passport", "0", "@@#{7}"),
        new("gb-vat", " 0", "GB_###_####_##"),
        new("gb-utr", "0 ", "#{5}_#{5}"),
        new("gb-bank-account", " ", "##-##-##_#{8}"),
        new("au-abn", " 0-", "[1-9]#_###_###_###"), new("au-acn", " 0", "[01]##_###_###"), new("au-tfn", " 0-", "[1-9]##_###_###"), new("au-medicare", " 0-", "[2-6]###_#####_#"),
        new("ca-sin", " -0", "[1-79]##_###_###"), new("ca-postcode", " 0-", "[ABCEGHJKLMNPRSTVXY]#[ABCEGHJ-NPRSTV-Z]_#[ABCEGHJ-NPRSTV-Z]#"),
        new("ie-pps", "0", "#{7}[A-W]", "#{7}[A-W][AH]"), new("nz-ird", "-0", "[1-9]#_###_###"), new("nz-nhi", "0", "[A-HJ-NP-Z]{3}####"), new("za-id-number", "0 ", "<yymmdd>_####_[01]8#"),
        new("sg-nric", "0", "[STFG]#{7}@"), new("sg-uen", "0", "#{8}@", "20[01]#{6}@", "T[012]#LL####@"),
        new("hk-id", "0", "@#{6}(#)", "@#{6}#", "@@#{6}(#)"),
        new("in-aadhaar", " -0", "[2-9]###_####_####"), new("in-pan", "0", "@@@[PCHFATBLJG]@####@"), new("in-gstin", "0", "[0][1-9]@@@[PCHF]@####@[1-9]Z&", "[12]#@@@[PCHF]@####@[1-9]Z&"),
        new("in-voter-id", "0", "@@@#{7}"), new Published("in-passport", "0", "[A-PR-WY][1-9]#{5}[1-9]"),
        new("in-plate", " -0", "[KMT][LNS]_[0-9]#_[A-HJ-NP-Z]@_####", "[KMT][LN]_[0-9]#_[A-HJ-NP-Z]_####", "DL_#_[A-HJ-NP-Z]@@_####", "DL_#_[A-HJ-NP-Z]@_####"), new("in-special-plate", " 0-", "2[1-6]_BH_####_[A-HJ-NP-Z]{2}", "[1-9]#_CD_[1-9]##"), new("in-driving-licence", " -0", "MH##_20[01]##{7}"),
        new("ng-nin", "0", "[1-9]#{10}"), new("ng-plate", "- ", "@@@_###@@"), new("ng-plate", "0", "@@@###@@"),
        new("ph-tin", "-", "###_###_###_000", "###_###_###_00000"), new Published("ph-tin", "-", "###_###_###").Weak,
        // Germany, Austria, Switzerland.
        new("de-tax-id", " 0", "[1-9]#_###_###_###"), new("de-vat-id", " 0", "DE_#{9}", "DE_###_###_###"), new("de-tax-number", "/", "##_###_#####", "###_###_#####", "##_####_####", "###_####_####", "0##_###_#####"),
        new("de-pension-insurance", " 0", "[1246][0-3]_<ddmmyy>_@_###"), new("de-health-insurance", "0", "@#{9}"),
        new("de-identity-document", "0", "[LMPRTVWXY][0-9CFGHJKLMNPRTVWXYZ]{8}#", "[CFGHJK][0-9CFGHJKLMNPRTVWXYZ]{8}#"), new Published("de-identity-document", "0", "[CFGHJK][0-9CFGHJKLMNPRTVWXYZ]{8}", "[LMPRTVWXY][0-9CFGHJKLMNPRTVWXYZ]{8}").Weak,
        new("de-driving-licence", "0", "[BCHJN]##[0-9A-Z]{6}##", "[BCHJN][0-9A-Z][0-9A-Z]#{6}##"), new("de-lanr", "0", "[1-9]#{6}[01][1-9]"), new("de-bsnr", "0", "[2357][28]#{7}"),
        new("de-plate", " -", "[BHMKS]-@@_####", "[BHMK][AENS]-@@_###", "[BHM][AEN][ACDLRS]-@_##"), new("de-commercial-register", " 0", "HRB_#{5}", "HRA_####", "HRB_#{6}"),
        new("at-svnr", " 0", "[1-9]###_<ddmmyy>"), new("at-vat", "0 ", "ATU_#{8}"), new("ch-ahv", ".0", "756_####_####_##"), new("ch-uid", ".", "CHE-###_###_###"),
        // Romance languages.
        new("fr-nir", " 0-", "[12]_##_0[1-9]_[1-8]#_###_###_##"), new("fr-siren", " 0", "###_###_###"), new("fr-siret", " 0", "###_###_###_#####"), new("fr-vat", " 0", "FR_##_###_###_###"),
        new("es-nif", "0- ", "#{8}_[A-HJ-NP-TV-Z]"), new("es-nif", "0-", "##.###.###_[A-HJ-NP-TV-Z]"), new("es-nie", "0-", "[XYZ]_#{7}_[A-HJ-NP-TV-Z]"), new("es-cif", "0-", "[ABEH]_#{8}"), new Published("es-passport", "0", "@@@#{6}").Weak,
        new("it-fiscal-code", "0", "[BCDFGLMPR]{3}[BCDFGLMPR]{3}##[ABCDEHLMPRST][0-6]#@###@"), new("it-vat", "0 ", "IT_0#{10}", "0#{10}"), new("it-identity-card", "0", "C@#{5}@@", "@@#{7}"), new("it-driving-licence", "0", "U1[A-Z0-9]{7}@", "@@#{7}@"),
        new("pt-nif", "0 ", "[1235]##_###_###"), new("br-cpf", "0", "###.###.###-##", "#{11}"), new("br-postcode", "-", "[0-9]####_###"), new("br-cnpj", "0", "##.###.###/000#-##", "#{8}000#{3}"), new("ro-cnp", "0", "[1256]<yymmdd>[0-4]#####"),
        new("ar-cuit", "-0", "2[037]_#{8}_#"), new("cl-rut", "0", "[12]#.###.###-[0-9K]", "[12]#{7}-[0-9K]"), new("co-nit", "0", "[89]##.###.###-#", "[89]#{8}-#"), new("mx-curp", "0", "[A-Z][AEIOU]@@<yymmdd>[HM]DF[BCDFGHJKLMNP]{3}&#"), new("mx-rfc", "0", "@{4}<yymmdd>&&[0-9A]"), new("mx-clabe", "0", "0[1-9]#{16}"),
        // The north.
        new("fi-hetu", "0", "<ddmmyy>-###[0-9ABCDEFHJKLMNPRSTUVWXY]", "<ddmmyy>A###[0-9ABCDEFHJKLMNPRSTUVWXY]", "<ddmmyy>+###[0-9ABCDEFHJKLMNPRSTUVWXY]"), new("fi-business-id", "-", "#{7}_#"),
        new("se-personnummer", "-0+", "<yymmdd>_####", "<yyyymmdd>_####"), new("se-org-number", "-0", "[5789]#[2-9]###_####"), new("no-fodselsnummer", "0 ", "<ddmmyy>_#####"), new("no-org-number", " 0", "[89]##_###_###"),
        new("dk-cpr", "-0", "<ddmmyy>_####"), new("dk-cvr", " 0", "##_##_##_##"), new("is-kennitala", "-0", "<ddmmyy>_###9"), new("ee-isikukood", "0", "[3-6]<yymmdd>####"), new("lv-personas-kods", "-", "<ddmmyy>_[012]####"),
        // The low countries.
        new("nl-bsn", "0.", "[1-9]#{8}", "####_##_###"), new("nl-vat", "0.", "NL_#{9}_B_##"), new("be-national-number", "0", "<yy>.<mm>.<dd>-###.##", "<yymmdd>#####"), new("be-company-number", ".0", "[01]###_###_###", "BE_0###_###_###"),
        // The east.
        new("pl-pesel", "0", "<yymmdd>#####"), new("pl-nip", "-0", "###_###_##_##"), new("pl-identity-card", " 0", "[A-Z]{3}_#{6}"), new("pl-regon", "0", "#{9}"),
        new("cz-birth-number", "/0", "<yymmdd>_####"), new("cz-ico", "0", "#{8}"), new("hu-taj", " -0", "###_###_###"), new("hr-oib", "0", "#{11}"), new("si-emso", "0", "<ddmm>9[4-9]#50####"), new("bg-egn", "0", "<yymmdd>####"),
        new("ru-snils", "0", "###-###-### ##", "#{11}"), new("ru-inn", "0", "#{10}", "#{12}"), new Published("ru-passport", " ", "##_##_######", "####_######").Weak, new("gr-afm", "0", "[01]#{8}"), new("cy-tic", "0", "[0134]#{7}@"),
        new("tr-national-id", "0", "[1-9]#{10}"), new("tr-plate", " ", "[0-7]#_[A-PR-VYZ]{3}_###", "[0-7]#_[A-PR-VYZ]{2}_####", "[0-7]#_[A-PR-VYZ]_####"), new("tr-vkn", "0", "#{10}"), new("il-id", "0-", "#{8}_#"),
        // Asia.
        new("kr-rrn", "-0", "<yymmdd>_[1-4]######"), new("kr-frn", "-0", "<yymmdd>_[5-8]######"), new("kr-driving-licence", "-", "[12][1-8]_##_######_##"), new("kr-brn", "-0", "###_##_#####"), new Published("kr-passport", "0", "[MS]###@####", "[MS]#{8}"),
        new("th-tnin", "-0 ", "[1-8]_####_#####_##_#"), new("jp-my-number", " 0-", "####_####_####") { Words = ["マイナンバー", "個人番号"] }, new("tw-id", "0", "[A-Z][12]#{8}"), new("cn-resident-id", "0", "[1-6][1-5]0[1-3]0[1-9]<yyyymmdd>###[0-9X]"), new("id-nik", "0", "3[1-6]01##<ddmmyy>####"), new("my-mykad", "-0", "<yymmdd>_[01][1-6]_####"),
        new("ae-emirates-id", "-0 ", "784_19##_#{7}_#"), new("pk-cnic", "-", "[1-7]####_#######_#"),
        // Things that no country owns.
        new("imei", "0- ", "35_#{6}_#{6}_#"), new("vin", "0", "[1-5][A-HJ-NPR-Z]{2}[A-HJ-NPR-Z0-9]{5}[0-9X][A-HJ-NPR-Y1-9][A-HJ-NPR-Z]#{6}"), new("mac-address", ":-", "[02468ACE]0_[0-9A-F]{2}_[0-9A-F]{2}_[0-9A-F]{2}_[0-9A-F]{2}_[0-9A-F]{2}"), new("mac-address", ".", "0[0-9A-F]{3}_[0-9A-F]{4}_[0-9A-F]{4}"),
        new("guid", "-", "[0-9a-f]{8}_[0-9a-f]{4}_4[0-9a-f]{3}_[89ab][0-9a-f]{3}_[0-9a-f]{12}"),
        // Telephones of the usual regions: at home, from abroad, in brackets, with an extension.
        new("phone", "-. 0", "[2-9][2-8]#_[2-9][2-8]#_####"), new("phone", "- 0", "+1_[2-9][2-8]#_[2-9][2-8]#_####"),
        new("phone", "0", "([2-9][2-8]#) [2-9][2-8]#-####", "([2-9][2-8]#)[2-9][2-8]#-####", "+1 ([2-9][2-8]#) [2-9][2-8]#-####", "1-[2-9][2-8]#-[2-9][2-8]#-####", "1 ([2-9][2-8]#) [2-9][2-8]#-####", "[2-9][2-8]#-[2-9][2-8]#-#### ext. ###", "([2-9][2-8]#) [2-9][2-8]#-#### x##", "011 44 20 7### ####"),
        new("phone", " -", "020_7###_####", "+44_20_7###_####", "0044_20_7###_####", "0161_[2-9]##_####", "07[4-9]##_######", "07[4-9]##_###_###", "+44_7[4-9]##_######", "01[3-9]##_######"),
        new("phone", "0", "07[4-9]########", "+447[4-9]########", "+44 (0)20 7### ####", "(020) 7### ####", "(01[3-9]##) ######", "+44 (0) 7[4-9]## ######", "+44 20 7### #### ext 1##"),
        new("phone", " -/", "030_#{8}", "089_#{7}", "017[0-9]_#{7}", "0151_#{8}", "0221_#{6}"), new("phone", " -", "+49_30_#{8}", "+49_17#_#{7}", "0049_30_#{8}"),
        new("phone", "0", "+4917#{8}", "+49 (0)30 #{8}", "+49 (0) 89 #{6}", "(030) #{8}", "+49 30 ####-####", "+49 (30) #{8}", "+49 89 ### ### ##"),
        new("phone", " .-0", "0[1-7]_##_##_##_##"), new("phone", " .-", "+33_[1-7]_##_##_##_##", "0033_[1-7]_##_##_##_##"), new("phone", "0", "+33[67]#{8}", "+33 (0)[1-7] ## ## ## ##", "(0[1-5]) ## ## ## ##"),
        new("phone", "-", "05#_#{7}", "05#_[2-9]##_####", "0[23489]_[2-9]#{6}", "0[23489]_[2-9]##_####", "+972_5#_#{7}", "+972_5#_###_####"), new("phone", "0", "05#[2-9]#{6}", "+972 5# ### ####", "+972 [23489] ### ####", "+9725#{8}"),
        new("phone", " -0", "+91_[6-9]####_#####"), new("phone", " -", "[6-9]####_#####", "+91_[6-9]#{9}", "0[6-9]#{4}_#{5}", "022_2#{7}", "+91_22_2###_####"),
        new("phone", "0", "(11) 9####-####", "(21) [2-5]###-####", "+55 11 9####-####", "+55 (11) 9####-####", "+55 11 9#### ####", "11 9####-####", "+55119#{8}", "+55 21 [2-5]###-####"),
        new("phone", " -", "05##_[1-9]##_##_##", "+90_5##_###_##_##", "0_5##_###_##_##", "0212_###_##_##"), new("phone", " .", "5##_[1-9]##_##_##"), new("phone", "0", "+905#{9}", "0 (5##) #{7}", "0 (5##) ### ## ##", "+90 (5##) ### ## ##", "+90 (212) ### ## ##", "05#{9}"),
        new("phone", " -0", "09[1-9]#_###_####", "+63_9[1-9]#_###_####"), new("phone", "0", "(02) 8### ####", "+63 2 8### ####", "9[1-9]# ### ####"),
        new("phone", " -0", "1[38]#_####_####", "+86_1[38]#_####_####"), new("phone", "-", "010_#{8}", "0755_#{8}", "090_####_####", "03_####_####", "+81_90_####_####"),
        new("phone", " ", "+39 3## ### ####", "+34 6## ## ## ##", "+31 6 ########", "+31 20 ### ####", "+41 44 ### ## ##", "+353 1 ### ####", "+61 4## ### ###", "+65 9### ####", "+852 9### ####", "+30 21 0 1######", "+46 70 ### ## ##", "+47 4## ## ###", "+32 2 ### ## ##"),
        // Cards by issuer and length.
        new("payment-card", " -0./", "4###_####_####_####", "5[1-5]##_####_####_####", "2[3-6]##_####_####_####", "6011_####_####_####", "65##_####_####_####", "35[3-8]#_####_####_####", "3[47]##_######_#####", "36##_######_####", "62##_####_####_####", "30[0-5]#_######_####"),
        new("payment-card", "0", "4#{12}", "4#{18}", "62#{17}", "6011#{15}"), new Published("payment-card", "0", "50[1-2]8#{8}", "6304#{11}", "5893#{9}").Weak,
        // Accounts.
        new("iban", " 0-", "DE##_####_####_####_####_##", "GB##_@@@@_####_####_####_##", "FR##_####_####_####_####_####_###", "NL##_@@@@_####_####_##", "ES##_####_####_####_####_####", "IT##_@###_####_####_####_####_###", "CH##_####_####_####_####_#", "BE##_####_####_####", "AT##_####_####_####_####", "SE##_####_####_####_####_####", "IE##_@@@@_####_####_####_##", "PL##_####_####_####_####_####_####", "TR##_####_#0##_####_####_####_##", "MT##_@@@@_####_#&&&_&&&&_&&&&_&&&&_&&&"),
        // Addresses of hosts; the stroke parts the value from what stands behind it.
        new("ip-address", "0", "[12][0-4]#.[1-9]#.1##.[1-9]#", "10.#.#.[1-9]", "192.168.#.1##", "8[0-9].2[0-4]#.#.#", "1[0-9]#.[1-9]#.[1-9].[1-9]#|:8080", "10.#.[1-9]#.0/24", "172.16.0.0/12", "[12][0-4]#.[1-9]#.1##.[1-9]#|."),
        new("ip-address", "0", "2001:db8::[0-9a-f]{4}", "2001:db8:[1-9]:[0-9a-f]{4}::[1-9]", "fe80::[1-9a-f]{3}:[0-9a-f]{4}", "2a0[0-9]:[1-9a-f]{4}:[1-9a-f]{4}:[1-9a-f]{4}:[1-9a-f]{4}:[1-9a-f]{4}:[1-9a-f]{4}:[1-9a-f]{4}", "::ffff:192.0.2.[1-9]#", "2001:db8:[1-9a-f]{4}::/48", "2001:DB8::[1-9A-F]{4}"),
        // Dates, and moments of them.
        new("date-time", "0", "<yyyy>-<mm>-<dd>", "<dd>.<mm>.<yyyy>", "<dd>/<mm>/<yyyy>", "<mm>/<dd>/<yyyy>", "<dd>-<mm>-<yyyy>", "<yyyy>/<mm>/<dd>", "<yyyy>-<mm>-<dd>T1#:[0-5]#:[0-5]#Z", "<yyyy>-<mm>-<dd>T0#:[0-5]#:[0-5]#.###+02:00", "<yyyy>-<mm>-<dd> 1#:[0-5]#:[0-5]#", "<yyyy>-<mm>-<dd>T1#:[0-5]#", "<dd>/<mm>/<yy>", "<dd>.<mm>.<yy>", "<mm>-<dd>-<yyyy>", "[1-9]/[1-9]/<yyyy>", "[1-9].[1-9].<yyyy>", "<yyyy>.<mm>.<dd>") { Words = ["on", "dated", "since"], AnyCase = false },
        new("date-time", "0", "[1-9] May <yyyy>", "1# March <yyyy>", "June 1#, <yyyy>", "Oct. 2[0-8], <yyyy>", "1#-Jan-<yyyy>", "1#-SEP-<yy>", "1# Feb <yyyy>", "2[4-8]th of August <yyyy>", "Dec <yyyy>", "November <yyyy>", "0[1-9]/20[0-2]#", "1#-Jul", "1#. Oktober <yyyy>", "1# mars <yyyy>", "1# de mayo de <yyyy>", "May-<yyyy>", "Jan-[4-9]#", "<yyyy>年5月1#日") { Words = ["on", "dated", "since"], AnyCase = false },
        // Addresses of people and pages.
        new("email", "0", "[a-z]{5}.[a-z]{6}\\@[a-z]{7}.com", "[a-z]{4}_##\\@[a-z]{5}-[a-z]{4}.co.uk", "[a-z]{6}+[a-z]{3}\\@mail.[a-z]{5}.org", "[A-Z]{2}[a-z]{4}\\@[a-z]{6}.DE", "[a-z]{3}'[a-z]{4}\\@[a-z]{6}.ie", "[a-z]{5}\\@[a-z]{6}.museum") { AnyCase = false },
        new("url", "0", "https://[a-z]{7}.com", "http://www.[a-z]{6}.org/[a-z]{4}/#{3}?q=[a-z]{3}&p=#", "www.[a-z]{8}.co.uk", "[a-z]{8}.com", "[a-z]{6}.org/[a-z]{5}", "ftp://files.[a-z]{5}.net/[a-z]{3}.zip", "https://[a-z]{5}.io:8443/[a-z]{4}\\#[a-z]{3}", "sub.[a-z]{7}.de", "https://[a-z]{5}.app/[a-z]{4}|.", "http://[a-z]{5}.vlaanderen", "https://[a-z]{6}.com.br/[a-z]{4}", "http://192.0.2.[1-9]#/[a-z]{4}", "[a-z]{7}.com.au", "[a-z]{7}.fr|,") { AnyCase = false },
    ];
}
