using System.Collections.Frozen;
using Surveillance.Text;

namespace Surveillance.Detection.Pii.Readers;

/// <summary>What a word opens.</summary>
internal enum TriggerKind
{
    None,
    /// <summary>A month; the value is its number.</summary>
    Month,
    /// <summary>A day of the week.</summary>
    Weekday,
    /// <summary>A word after which a password stands.</summary>
    Password,
    /// <summary>The first word of a private-key block.</summary>
    KeyBlock,
    /// <summary>The scheme of a connection string.</summary>
    Connection,
    /// <summary>A phrase of a lexicon; the value is the type.</summary>
    Lexicon,
    /// <summary>A form of address or a given name before a person's name.</summary>
    Name,
    /// <summary>A kind of street.</summary>
    Street,
    /// <summary>What a request may ask for; the value is the type.</summary>
    Asked,
    /// <summary>A word for a code that a sentence may hold; the value is the type.</summary>
    Code,
    /// <summary>A word for the at sign; the value is 1 where it means nothing else.</summary>
    At,
}

/// <summary>What a word or phrase opens.</summary>
/// <param name="Kind">What it opens.</param>
/// <param name="Value">The kind's number.</param>
/// <param name="IsStart">Whether a longer phrase begins with it.</param>
/// <param name="Second">A second kind that the same word opens, or none.</param>
/// <param name="SecondValue">The second kind's number.</param>
internal readonly record struct Trigger(TriggerKind Kind, int Value, bool IsStart, TriggerKind Second = TriggerKind.None, int SecondValue = 0);

/// <summary>The words at which readers of words begin: one look a token tells whether any does.</summary>
internal static class TriggerWords
{
    private const int MostTokens = 5;

    private const string Months = """
        1 january jan januar jänner janvier enero ene janeiro gennaio januari
        2 february feb februar février fevrier febrero fevereiro febbraio februari
        3 march mar märz maerz mars marzo março marco maart
        4 april apr avril abril aprile
        5 may mai mayo maio maggio mei
        6 june jun juni juin junio junho giugno
        7 july jul juli juillet julio julho luglio
        8 august aug août aout agosto augustus
        9 september sep sept septembre septiembre setembro settembre
        10 october oct oktober okt octobre octubre outubro ottobre
        11 november nov novembre noviembre novembro
        12 december dec dezember dez décembre decembre diciembre dezembro dicembre
        """;

    /// <summary>Months that count only behind a day: their names are other words elsewhere, and in these languages the day stands before them.</summary>
    private const string MonthsBehindDays = """
        1 stycznia ledna ocak января січня januar
        2 lutego února şubat февраля лютого februar
        3 marca března mart марта березня mars marts
        4 kwietnia dubna nisan апреля квітня
        5 maja května mayıs мая травня maj
        6 czerwca června haziran июня червня
        7 lipca července temmuz июля липня
        8 sierpnia srpna ağustos августа серпня augusti
        9 września září eylül сентября вересня
        10 października října ekim октября жовтня
        11 listopada listopadu kasım ноября листопада
        12 grudnia prosince aralık декабря грудня desember
        """;

    /// <summary>Added to the number of such a month.</summary>
    internal const int BehindDay = 20;

    private const string Weekdays = """
        monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag
        lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes miércoles jueves viernes sábado domingo lunedì martedì mercoledì giovedì venerdì
        maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
        """;

    private const string Passwords = """
        password passwords passwd pwd pw pswd mdp clave contrasenia contrasena passphrase passwort kennwort passwörter contraseña senha wachtwoord lösenord lösenordet adgangskode adgangskoden passord passordet salasana hasło hasłem heslo jelszó
        şifre parola пароль пароля 密码 密碼 口令 パスワード 비밀번호 비밀번호는 비번 비번은
        accountkey sharedaccesskey secret_key apikey api_key api_secret app_secret client_secret clientsecret consumer_secret access_token auth_token refresh_token secret_access_key
        """;

    /// <summary>"My password" and "your password" in one word.</summary>
    private const string OwnPasswords = "şifrem şifresi parolası şifreniz şifremiz şifren parolam parolanız parolan salasanani jelszavam";

    /// <summary>Words that name a password only where a sign gives it: <c>pass: …</c>, <c>secret=…</c>.</summary>
    private const string PasswordsBeforeSigns = "pass secret credentials creds zugangsdaten logindaten";

    private const string Connections = "postgres postgresql mysql mariadb mongodb redis rediss amqp amqps mssql sqlserver http https oracle ldap ldaps smb ssh sftp ftp";

    private static readonly string[] Elided = ["l'", "d'", "un'", "dell'", "all'"];

    private const string Signs = "arroba arobase arobas chiocciola małpa klammeraffe apenstaartje zavináč kukac собака 艾特";

    private static readonly FrozenDictionary<ulong, Trigger> Index = Build();

    /// <summary>The longest phrase that begins at a token and opens something.</summary>
    /// <param name="text">The text.</param>
    /// <param name="i">Index of the token.</param>
    /// <param name="count">How many tokens it has.</param>
    internal static Trigger At(PreparedText text, int i, out int count)
    {
        count = 1;
        var tokens = text.Tokens;
        var token = tokens[i];
        if ((token.Flags & TokenFlags.Unspaced) != 0) { return AtUnspaced(text, i, ref count); }
        if (!Index.TryGetValue(token.Hash, out var found) || !found.IsStart) { return found; }
        var hash = token.Hash;
        for (var n = i + 1; n < tokens.Length && n - i < MostTokens && tokens[n].Start - tokens[n - 1].End <= 2; n++)
        {
            hash = Join(hash, tokens[n].Hash);
            if (!Index.TryGetValue(hash, out var longer)) { break; }
            if (longer.Kind != TriggerKind.None) { (found, count) = (longer, n - i + 1); }
            if (!longer.IsStart) { break; }
        }
        return found;
    }

    /// <summary>Whether a word is a form of address or a given name.</summary>
    /// <param name="hash">Hash of its token.</param>
    internal static bool IsName(ulong hash) => Index.TryGetValue(hash, out var found) && (found.Kind == TriggerKind.Name || found.Second == TriggerKind.Name);

    private static Trigger AtUnspaced(PreparedText text, int i, ref int count)
    {
        var tokens = text.Tokens;
        var found = default(Trigger);
        for (var length = 1; length <= 6 && i + length <= tokens.Length; length++)
        {
            var last = tokens[i + length - 1];
            if ((last.Flags & TokenFlags.Unspaced) == 0 || last.Start != tokens[i].Start + length - 1) { break; }
            if (Index.TryGetValue(Folding.HashToken(text.Folded[tokens[i].Start..last.End]), out var trigger)) { (found, count) = (trigger, length); }
        }
        return found;
    }

    private static ulong Join(ulong first, ulong second) => (first * 0x9E3779B97F4A7C15) ^ (second + (first >> 23));

    private static FrozenDictionary<ulong, Trigger> Build()
    {
        var index = new Dictionary<ulong, Trigger>();
        PutMonths(Months, 0);
        PutMonths(MonthsBehindDays, BehindDay);
        PutAll(Weekdays, TriggerKind.Weekday);
        PutAll(Passwords, TriggerKind.Password);
        Put("passcode", TriggerKind.Password, 2);
        PutAll(OwnPasswords, TriggerKind.Password, 1);
        PutAll(PasswordsBeforeSigns, TriggerKind.Password, 3);
        foreach (var phrase in (string[])["mot de passe", "clave de acceso", "palavra passe", "mật khẩu", "kata sandi"]) { Put(phrase, TriggerKind.Password, 0); }
        Put("begin", TriggerKind.KeyBlock, 0);
        PutAll(Connections, TriggerKind.Connection);
        Put("at", TriggerKind.At, 0);
        PutAll(Signs, TriggerKind.At, 1);
        foreach (var type in PiiTypes.All)
        {
            var kind = type.Reader switch { "lexicon" => TriggerKind.Lexicon, "names" => TriggerKind.Name, "streets" => TriggerKind.Street, _ => TriggerKind.Code };
            foreach (var (language, words) in type.Words)
            {
                foreach (var word in words)
                {
                    Put(word, kind, type.Index);
                    if (kind != TriggerKind.Lexicon || language is not ("fr" or "it") || !Elides(word)) { continue; }
                    foreach (var article in Elided) { Put(article + word, kind, type.Index); }
                }
            }
            foreach (var word in type.Asked.Values.SelectMany(w => w))
            {
                Put(word, TriggerKind.Asked, type.Index);
                if (Elides(word)) { Put("l'" + word, TriggerKind.Asked, type.Index); }
            }
        }
        return index.ToFrozenDictionary();

        // "l'epilessia" is one token.
        static bool Elides(string word) => "aeiouhàèéêîôœ".Contains(word[0], StringComparison.Ordinal);

        void PutMonths(string months, int more)
        {
            foreach (var line in months.Split('\n'))
            {
                var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                foreach (var word in words.Skip(1))
                {
                    var hash = PreparedText.Of(word).Tokens[0].Hash;
                    if (!index.TryGetValue(hash, out var known) || known.Kind != TriggerKind.Month) { Set(hash, TriggerKind.Month, more + int.Parse(words[0], System.Globalization.CultureInfo.InvariantCulture)); }
                }
            }
        }

        void PutAll(string words, TriggerKind kind, int value = 0)
        {
            foreach (var word in words.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)) { Put(word, kind, value); }
        }

        void Put(string word, TriggerKind kind, int value)
        {
            var prepared = PreparedText.Of(word);
            var tokens = prepared.Tokens;
            if ((tokens[0].Flags & TokenFlags.Unspaced) != 0)
            {
                Set(Folding.HashToken(prepared.Folded), kind, value);
                return;
            }
            if (tokens.Length > MostTokens) { throw new FormatException($"\"{word}\": a phrase has at most {MostTokens} words."); }
            var hash = tokens[0].Hash;
            for (var i = 1; i < tokens.Length; i++)
            {
                index[hash] = index.GetValueOrDefault(hash) with { IsStart = true };
                hash = Join(hash, tokens[i].Hash);
            }
            Set(hash, kind, value);
        }

        void Set(ulong hash, TriggerKind kind, int value)
        {
            var known = index.GetValueOrDefault(hash);
            index[hash] = known.Kind == TriggerKind.None ? known with { Kind = kind, Value = value }
                : (known.Kind, known.Value) == (kind, value) ? known
                : known with { Second = kind, SecondValue = value };
        }
    }
}
