using Surveillance.Rules.Source;

namespace Surveillance.Rules.Reading;

/// <summary>Turns a list's file into the list.</summary>
internal static class ListReader
{
    /// <summary>The fields of a list file.</summary>
    internal static readonly string[] Fields = ["$schema", "id", "version", "title", "entries"];

    /// <summary>The fields of an entry that is written as an object.</summary>
    internal static readonly string[] EntryFields = ["value", "from", "until"];

    /// <summary>Reads what can be read; a list comes of any file, so that what names it is not reported too.</summary>
    /// <param name="root">The file's value, or null.</param>
    /// <param name="stem">The name of its file without <c>.json</c>.</param>
    /// <param name="diagnostics">Takes the errors.</param>
    internal static NamedList Read(SourceNode? root, string stem, Diagnostics diagnostics)
    {
        if (root is null || BookFile.Object(root, "list", diagnostics) is not { } node)
        {
            return new NamedList(stem, 1, stem, [], "");
        }
        var fields = new FieldReader(node, diagnostics, Fields);
        var id = BookFile.Id(fields, stem, "list", diagnostics);
        var version = fields.Integer("version", 1, int.MaxValue, required: true);
        var title = fields.Text("title", required: true);
        var entries = ReadEntries(fields.Array("entries", required: true), diagnostics);
        return new NamedList(id ?? stem, version ?? 1, title ?? stem, entries, CanonicalJson.Hash(node, "$schema"));
    }

    private static List<NamedListEntry> ReadEntries(SourceArray? list, Diagnostics diagnostics)
    {
        if (list is { Items.Count: 0 })
        {
            diagnostics.Error("E025", list.Span, "a list needs at least one entry", note: "an empty list would match nothing, and nobody would notice", help: "add an entry, or delete the file");
        }
        var entries = new List<NamedListEntry>();
        foreach (var item in list?.Items ?? [])
        {
            switch (item)
            {
                case SourceString { Value: var value } when !string.IsNullOrWhiteSpace(value):
                    entries.Add(new NamedListEntry(value));
                    break;
                case SourceString empty:
                    diagnostics.Error("E025", empty.Span, "the entry is empty", help: "write it out, or delete it");
                    break;
                case SourceObject obj:
                    var fields = new FieldReader(obj, diagnostics, EntryFields);
                    var text = fields.Text("value", required: true);
                    var from = fields.Day("from");
                    var until = fields.Day("until");
                    if (from > until)
                    {
                        diagnostics.Error("E029", obj.Find("until")!.Value.Span, "the entry ends before it begins", help: "write a day of `until` that is not before that of `from`",
                            related: new RelatedPlace(obj.Find("from")!.Value.Span, "it begins here"));
                    }
                    else if (text is not null)
                    {
                        entries.Add(new NamedListEntry(text, from, until));
                    }
                    break;
                case SourceUnreadable:
                    break;
                default:
                    diagnostics.Error("E006", FieldReader.Opening(item), $"an entry is a text or an object with `value`, found {FieldReader.Describe(item)}");
                    break;
            }
        }
        return entries;
    }
}
