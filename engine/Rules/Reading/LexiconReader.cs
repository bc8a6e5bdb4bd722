using Surveillance.Rules.Source;
using Surveillance.Text;

namespace Surveillance.Rules.Reading;

/// <summary>Turns a lexicon's file into the lexicon.</summary>
internal static class LexiconReader
{
    /// <summary>The fields of a lexicon file.</summary>
    internal static readonly string[] Fields = ["$schema", "id", "version", "title", "phrases"];

    /// <summary>The fields of a phrase that is written as an object.</summary>
    internal static readonly string[] PhraseFields = ["text", "stem"];

    /// <summary>Reads what can be read; a lexicon comes of any file, so that what names it is not reported too.</summary>
    /// <param name="root">The file's value, or null.</param>
    /// <param name="stem">The name of its file without <c>.json</c>.</param>
    /// <param name="diagnostics">Takes the errors.</param>
    internal static Lexicon Read(SourceNode? root, string stem, Diagnostics diagnostics)
    {
        if (root is null || BookFile.Object(root, "lexicon", diagnostics) is not { } node)
        {
            return new Lexicon(stem, 1, stem, [], "");
        }
        var fields = new FieldReader(node, diagnostics, Fields);
        var id = BookFile.Id(fields, stem, "lexicon", diagnostics);
        var version = fields.Integer("version", 1, int.MaxValue, required: true);
        var title = fields.Text("title", required: true);
        var phrases = ReadPhrases(fields.Array("phrases", required: true), diagnostics);
        return new Lexicon(id ?? stem, version ?? 1, title ?? stem, phrases, CanonicalJson.Hash(node, "$schema"));
    }

    private static List<LexiconPhrase> ReadPhrases(SourceArray? list, Diagnostics diagnostics)
    {
        var phrases = new List<LexiconPhrase>();
        if (list is { Items.Count: 0 })
        {
            diagnostics.Error("E025", list.Span, "a lexicon needs at least one phrase", note: "an empty lexicon would match nothing, and nobody would notice", help: "add a phrase, or delete the file");
        }
        var seen = new Dictionary<string, SourceSpan>(StringComparer.Ordinal);
        foreach (var item in list?.Items ?? [])
        {
            SourceString? text;
            var stem = false;
            switch (item)
            {
                case SourceString { Value: var value } bare when !string.IsNullOrWhiteSpace(value):
                    text = bare;
                    break;
                case SourceString empty:
                    diagnostics.Error("E025", empty.Span, "the phrase is empty", help: "write it out, or delete it");
                    continue;
                case SourceObject obj:
                    var fields = new FieldReader(obj, diagnostics, PhraseFields);
                    text = fields.TextNode("text", required: true);
                    stem = fields.Boolean("stem") ?? false;
                    break;
                case SourceUnreadable:
                    continue;
                default:
                    diagnostics.Error("E006", FieldReader.Opening(item), $"a phrase is a text or an object with `text`, found {FieldReader.Describe(item)}");
                    continue;
            }
            if (text is null || PhraseText.Check(text, diagnostics) is not { } folded)
            {
                continue;
            }
            if (!seen.TryAdd((stem ? "s" : "p") + folded, text.Span))
            {
                diagnostics.Warning("W031", text.Span, $"phrase \"{Shown.Clip(text.Value)}\" is in this lexicon already", help: "delete one of the two",
                    related: new RelatedPlace(seen[(stem ? "s" : "p") + folded], "first written here"));
                continue;
            }
            phrases.Add(new LexiconPhrase(text.Value, stem));
        }
        return phrases;
    }
}

/// <summary>Checks the words of a phrase.</summary>
internal static class PhraseText
{
    /// <summary>The fewest letters of a word with a wildcard.</summary>
    internal const int WildcardLetters = 3;

    /// <summary>The words as they are compared, or null after an error.</summary>
    /// <param name="phrase">The phrase as written.</param>
    /// <param name="diagnostics">Takes the findings.</param>
    internal static string? Check(SourceString phrase, Diagnostics diagnostics)
    {
        var text = phrase.Value;
        for (var at = text.IndexOf('*', StringComparison.Ordinal); at >= 0; at = text.IndexOf('*', at + 1))
        {
            var start = at;
            while (start > 0 && !char.IsWhiteSpace(text[start - 1]))
            {
                start--;
            }
            var atEnd = at + 1 == text.Length || char.IsWhiteSpace(text[at + 1]);
            if (!atEnd || at - start < WildcardLetters || text.AsSpan(start, at - start).Contains('*'))
            {
                diagnostics.Error("E030", Inside(phrase, at, at + 1), "`*` stands after three or more letters, at the end of a word",
                    help: atEnd ? "write more of the word, or the words that are meant" : "write the words that are meant");
                return null;
            }
        }
        var plain = PreparedText.Of(text.Replace("*", "", StringComparison.Ordinal));
        if (plain.Tokens.Length == 0)
        {
            diagnostics.Error("E030", phrase.Span, $"phrase \"{Shown.Clip(text)}\" holds no word", help: "write a word, or use `regex` for signs");
            return null;
        }
        if (text.Count(char.IsLetterOrDigit) < 2)
        {
            diagnostics.Warning("W030", phrase.Span, $"phrase \"{Shown.Clip(text)}\" is shorter than 2 letters", note: "it will match very often");
        }
        return string.Join(' ', Folding.Fold(text).Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    private static SourceSpan Inside(SourceString text, int start, int end) => new(text.Span.File, text.Offsets[start], text.Offsets[end]);
}
