using Surveillance.Detection.Lexicons;
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
            if (text is null)
            {
                continue;
            }
            if (!PhrasePattern.TryParse(text.Value, stem, out var pattern, out var problem))
            {
                diagnostics.Error("E030", text.Span, problem, help: "write the words that are meant");
                continue;
            }
            if (text.Value.Count(char.IsLetterOrDigit) < 2 && !text.Value.Any(Folding.IsUnspaced))
            {
                diagnostics.Warning("W030", text.Span, $"phrase \"{Shown.Clip(text.Value)}\" is shorter than 2 letters", note: "it will match very often");
            }
            if (!seen.TryAdd(pattern.Key, text.Span))
            {
                diagnostics.Warning("W031", text.Span, $"phrase \"{Shown.Clip(text.Value)}\" is in this lexicon already", help: "delete one of the two",
                    related: new RelatedPlace(seen[pattern.Key], "first written here"));
                continue;
            }
            phrases.Add(new LexiconPhrase(text.Value, stem));
        }
        return phrases;
    }
}
