using System.Collections.Frozen;
using System.Text;

namespace Surveillance.Rules;

/// <summary>The long explanation of every finding that reading a rule book can give.</summary>
public static class RuleErrors
{
    private static readonly Explanation[] s_all =
    [
        new("E001", "a comma before a closing bracket",
            "JSON has commas between the items of a list and the fields of an object, and none after the last. Some languages and editors allow one there; other readers of the file would refuse it, so it is refused here too.",
            "[ \"text me\", \"ping me\", ]", "[ \"text me\", \"ping me\" ]"),
        new("E002", "something is opened and never closed",
            "A bracket or a quote has no partner. The place shown first is where reading had to stop; the second is the bracket that has none. Where the indentation of the file shows another place than the end, that place is named. Everything behind the missing bracket may be nested wrongly, so findings there are held back until it is there.",
            "{ \"any\": [ { \"phrase\": \"a\" }, { \"phrase\": \"b\" }", "{ \"any\": [ { \"phrase\": \"a\" }, { \"phrase\": \"b\" } ] }"),
        new("E003", "characters of a word processor",
            "Word processors replace straight quotes with curly ones, and put in no-break spaces, tabs and a byte order mark. JSON (RFC 8259) knows the straight quote U+0022, and between values only blank, tab, line feed and carriage return; in a text a tab is written \\t. Said once for the whole file, with the number of places. Curly quotes inside a text are welcome.",
            "{ “severity”: “high” }", "{ \"severity\": \"high\" }"),
        new("E004", "a field that does not exist",
            "Every object of a rule file has a fixed set of fields. A misspelt one would be left out without a word, and the rule would do something else than its author thinks, so it is an error. A field with a similar name is shown where there is one.",
            "{ \"sevrity\": \"high\" }", "{ \"severity\": \"high\" }"),
        new("E005", "a field that stands twice",
            "An object has each field once. Many tools silently take the later one, some the first, so that two people read two different rules. Merge the two or delete one.",
            "{ \"any\": [ { \"phrase\": \"a\" } ], \"any\": [ { \"phrase\": \"b\" } ] }", "{ \"any\": [ { \"phrase\": \"a\" }, { \"phrase\": \"b\" } ] }"),
        new("E006", "a value of the wrong type",
            "The field takes another kind of value: a number and not a text, a list and not a single value, an object with options. A number in quotes is a text.",
            "{ \"classifier\": { \"name\": \"marketing\", \"atLeast\": \"0.8\" } }", "{ \"classifier\": { \"name\": \"marketing\", \"atLeast\": 0.8 } }"),
        new("E007", "a number out of range",
            "The number lies outside what the field allows. Thresholds of classifiers and confidences are probabilities from 0 (never) to 1 (certain): 80 % is 0.80.",
            "{ \"classifier\": { \"name\": \"marketing\", \"atLeast\": 80 } }", "{ \"classifier\": { \"name\": \"marketing\", \"atLeast\": 0.80 } }"),
        new("E008", "an operator that does not exist",
            "The one field of a condition names its operator. The operators are listed in docs/rule-language.md with an example of each. Words of other rule languages are recognised and their name here is shown.",
            "{ \"contains\": \"text me\" }", "{ \"phrase\": \"text me\" }"),
        new("E009", "a condition without exactly one operator",
            "A condition is an object with one field. Two fields leave open whether both must hold or one of them: say so with `all` or `any`. Options of an operator stand inside its own braces.",
            "{ \"phrase\": \"text me\", \"direction\": \"outbound\" }", "{ \"all\": [ { \"phrase\": \"text me\" }, { \"direction\": \"outbound\" } ] }"),
        new("E010", "a pattern that is no regular expression",
            "The pattern has a group, class or quantifier that is not complete. The mark stands inside the text of the file, at the character at fault: mind that JSON takes off one layer of backslashes before the pattern is read.",
            "{ \"regex\": \"(call|ring me\" }", "{ \"regex\": \"(call|ring) me\" }"),
        new("E011", "an escape that JSON does not know",
            "In a JSON text a backslash begins an escape, and there are only \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u with four hex digits. A backslash of a pattern is therefore written twice, and a quote inside a text has one before it. \\u escapes of characters beyond U+FFFF come in pairs; half of a pair stands for nothing.",
            "{ \"regex\": \"\\d{4}\" }", "{ \"regex\": \"\\\\d{4}\" }"),
        new("E012", "a pattern that needs more than linear time",
            "Patterns run on an engine whose time grows with the length of the text and no faster, whatever the text is, so that nobody can stop the surveillance with a message. Back-references, look-ahead, look-behind and atomic groups cannot run on it. Long repetitions of long repetitions are refused because their automaton would be too large.",
            "{ \"regex\": \"(a+)\\\\1\" }", "{ \"regex\": \"a{2,}\" }"),
        new("E013", "a pattern that matches empty text",
            "A pattern that can match nothing at all matches in every message. As a rule a `*` is meant to be a `+`, or one side of a `|` was left empty.",
            "{ \"regex\": \"(call)*\" }", "{ \"regex\": \"(call)+\" }"),
        new("E014", "a name that is not defined",
            "Conditions name lexicons (rules/lexicons/), lists (rules/lists/) and classifiers (models/). The name is the id in the file, which is the name of the file. A rule that names nothing would never match and nobody would notice, so it is an error.",
            "{ \"lexicon\": \"off-chanel-invitations\" }", "{ \"lexicon\": \"off-channel-invitations\" }"),
        new("E015", "a condition that can never hold, or always does",
            "Two conditions that must hold together exclude each other, or more conditions are asked for than there are. The rule would never raise anything, and look as if all were well.",
            "{ \"all\": [ { \"channel\": \"email\" }, { \"channel\": \"voice\" } ] }", "{ \"channel\": [ \"email\", \"voice\" ] }"),
        new("E017", "a length of time that cannot be read",
            "A length of time is a whole number with s, m, h or d for seconds, minutes, hours or days, or the same in the form of ISO 8601. Months and years have no fixed length and are not taken. It is more than nothing.",
            "{ \"insideServiceWindow\": { \"within\": \"1 day\" } }", "{ \"insideServiceWindow\": { \"within\": \"24h\" } }"),
        new("E019", "a rule without tests",
            "Each rule carries examples on which it must match (`firesOn`) and look-alikes on which it must not (`silentOn`). Without them nobody knows that it works, and a later change can break it unseen. An example is a bare text, or an object with the messages of a conversation and the consent before them. Examples are invented, never real messages.",
            "{ \"tests\": { \"firesOn\": [ \"text me on my own phone\" ] } }",
            "{ \"tests\": { \"firesOn\": [ \"text me on my own phone\" ],\n             \"silentOn\": [ \"our WhatsApp line is recorded\" ] } }"),
        new("E021", "an id, family or folder that does not fit",
            "The id of a rule, lexicon or list is the name of its file, in lower-case words joined by hyphens, and belongs to one file only; the family of a rule is the name of its folder. Alerts name the id for as long as they are kept, so it must lead to one file.",
            "rules/off-channel/off-channel-move.json: { \"id\": \"off-channel-moves\" }", "rules/off-channel/off-channel-move.json: { \"id\": \"off-channel-move\" }"),
        new("E023", "a field that is missing",
            "The object needs this field. A rule needs id, version, family, severity, title, why, owner, when and tests; a lexicon id, version, title and phrases; a list id, version, title and entries.",
            "{ \"stem\": true }", "{ \"text\": \"sign up\", \"stem\": true }"),
        new("E024", "a word that is not one of the values",
            "The field takes one of a fixed set of words, in lower case, which the note lists. A similar one is shown where there is one.",
            "{ \"direction\": \"outgoing\" }", "{ \"direction\": \"outbound\" }"),
        new("E025", "something empty",
            "An empty text or list would match nothing, or everything, and nobody would notice. Leave an optional field out instead, or name at least one value.",
            "{ \"channel\": [] }", "{ \"channel\": [ \"whatsapp\" ] }"),
        new("E026", "something that is no JSON",
            "Rule files are JSON (RFC 8259): field names and texts in straight quotes, a colon after a name, commas between items, the words true, false and null in lower case, numbers without a leading zero or plus, no comments. After each such place reading goes on, so that all of a file's errors are shown at once.",
            "{ severity: 'high' \"version\": 03 }", "{ \"severity\": \"high\", \"version\": 3 }"),
        new("E027", "a file beyond the limits",
            "A file has at most 4 MB and nests at most 64 brackets; after 100 places that are no JSON reading stops. Split a large lexicon into several, and name them together with `any`.", null, null),
        new("E028", "a file that cannot be read",
            "The folder or file is missing or may not be read, or its bytes are not UTF-8. Save the file as UTF-8 without a byte order mark, and look at the permissions of the folder.", null, null),
        new("E029", "a day or time that cannot be read",
            "A day is written as year, month and day; a time as RFC 3339 writes it, with its offset from UTC. What ends does not end before it begins.",
            "{ \"reviewBy\": \"30.06.2027\" }", "{ \"reviewBy\": \"2027-06-30\" }"),
        new("E030", "a phrase that cannot be looked for",
            "A phrase is words in order, parted by blanks. Signs and letter case do not count, so a phrase of signs alone has nothing to look for. A `*` at the end of a word of three letters or more stands for any ending.",
            "{ \"phrase\": \"un* me\" }", "{ \"phrase\": \"unsub* me\" }"),
        new("W011", "a backspace or form feed in a text",
            "\\b and \\f are escapes of JSON: a backspace and a form feed. In a pattern a word boundary is meant nearly always, and its backslash is written twice.",
            "{ \"regex\": \"\\bcall\\\\b\" }", "{ \"regex\": \"\\\\bcall\\\\b\" }"),
        new("W019", "few examples on one side",
            "A rule has fewer than three examples on which it must match, or fewer than three on which it must not. Look-alikes tell the quality of a rule: ordinary messages that use the same words and mean no harm.", null, null),
        new("W030", "a very short phrase",
            "A phrase of one letter matches in very many messages, also where letters are spaced out or an apostrophe parts a word. A single Chinese or Japanese character is a word and gives no warning.", null, null),
        new("W031", "a phrase that stands twice",
            "Letter case, accents, width and signs do not count, so two phrases of the lexicon find the same texts. Delete one.", null, null),
        new("W032", "a lexicon or list that no rule uses",
            "Nothing names it, so its phrases find nothing. A misspelt name in a rule is an error of its own (E014); here the rule was changed or never written. Lexicons whose name begins with opt-out- serve the detection of opt-outs and need no rule.", null, null),
    ];

    private static readonly FrozenDictionary<string, Explanation> s_byCode = s_all.ToFrozenDictionary(e => e.Code, StringComparer.OrdinalIgnoreCase);

    /// <summary>Every code that has an explanation: errors first, each in order of numbers.</summary>
    public static IReadOnlyList<string> Codes { get; } = [.. s_all.Select(e => e.Code)];

    /// <summary>The long explanation of a code, several lines of at most 80 columns with a wrong and a right example where that helps; null for a code that does not exist.</summary>
    /// <param name="code">Such as <c>E004</c>; letter case does not count.</param>
    public static string? Explain(string code) => s_byCode.TryGetValue(code, out var explanation) ? explanation.ToString() : null;

    /// <summary>What a code is about, in a few words; null for a code that does not exist.</summary>
    /// <param name="code">Such as <c>E004</c>; letter case does not count.</param>
    public static string? Title(string code) => s_byCode.TryGetValue(code, out var explanation) ? explanation.Title : null;

    private sealed record Explanation(string Code, string Title, string Body, string? Wrong, string? Right)
    {
        public override string ToString()
        {
            var text = new StringBuilder();
            text.Append(Code[0] == 'E' ? "error " : "warning ").Append(Code).Append(": ").Append(Title).Append("\n\n");
            var column = 0;
            foreach (var word in Body.Split(' '))
            {
                if (column > 0 && column + 1 + word.Length > 80)
                {
                    text.Append('\n');
                    column = 0;
                }
                text.Append(column > 0 ? " " : "").Append(word);
                column += (column > 0 ? 1 : 0) + word.Length;
            }
            text.Append('\n');
            if (Wrong is not null)
            {
                text.Append("\nwrong:  ").Append(Indented(Wrong)).Append("\nright:  ").Append(Indented(Right!)).Append('\n');
            }
            return text.ToString();
        }

        private static string Indented(string example) => example.Replace("\n", "\n        ", StringComparison.Ordinal);
    }
}
