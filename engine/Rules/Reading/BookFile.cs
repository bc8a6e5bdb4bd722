using Surveillance.Messages;
using Surveillance.Rules.Source;

namespace Surveillance.Rules.Reading;

/// <summary>What every kind of file of a rule book has in common.</summary>
internal static class BookFile
{
    /// <summary>The most characters of an id.</summary>
    internal const int MaxId = 64;

    /// <summary>What an id looks like, as a pattern of JSON Schema.</summary>
    internal const string IdPattern = "^[a-z0-9]+(-[a-z0-9]+)*$";

    /// <summary>The object that the file is; null after an error.</summary>
    internal static SourceObject? Object(SourceNode root, string kind, Diagnostics diagnostics)
    {
        if (root is SourceObject node)
        {
            return node;
        }
        if (root is not SourceUnreadable)
        {
            diagnostics.Error("E006", FieldReader.Opening(root), $"the file of a {kind} is one object, found {FieldReader.Describe(root)}", help: "write `{ \"id\": …, … }`");
        }
        return null;
    }

    /// <summary>The id of the file, which is its name; null after an error.</summary>
    internal static string? Id(FieldReader fields, string stem, string kind, Diagnostics diagnostics)
    {
        if (fields.TextNode("id", required: true) is not { } node)
        {
            return null;
        }
        if (!IsId(node.Value))
        {
            var meant = string.Join('-', node.Value.ToLowerInvariant().Split([' ', '_', '.', '/', '-'], StringSplitOptions.RemoveEmptyEntries));
            diagnostics.Error("E021", node.Span, $"\"{Shown.Clip(node.Value)}\" is not an id",
                note: $"an id has lower-case letters, digits and single hyphens, at most {MaxId} characters", help: IsId(meant) ? $"write `{meant}` and call the file {meant}.json" : null);
            return null;
        }
        if (node.Value != stem)
        {
            diagnostics.Error("E021", node.Span, $"id \"{node.Value}\" differs from the file name \"{Shown.Clip(stem)}.json\"",
                help: IsId(stem) ? $"write `{stem}`, or call the file {node.Value}.json" : $"call the file {node.Value}.json");
            return null;
        }
        return node.Value;
    }

    private static bool IsId(string id) =>
        id.Length is > 0 and <= MaxId && id[0] != '-' && id[^1] != '-' && !id.Contains("--", StringComparison.Ordinal) && id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}
