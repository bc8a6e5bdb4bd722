using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Surveillance.Detection.Pii;
using Surveillance.Rules.Reading;
using Surveillance.Rules.Source;

namespace Surveillance.Rules;

/// <summary>What came of reading a rule book.</summary>
/// <param name="Book">The book, or null when any file has an error.</param>
/// <param name="Diagnostics">Every finding in order of file, then place; warnings only when there is a book.</param>
public sealed record RuleBookResult(RuleBook? Book, IReadOnlyList<Diagnostic> Diagnostics);

/// <summary>Every rule, lexicon and list of a rule folder, checked. Immutable, for use by any number of threads.</summary>
/// <remarks>
/// A folder holds <c>family/rule-id.json</c>, <c>lexicons/id.json</c> and <c>lists/id.json</c>. The folder <c>retired</c>, files and folders
/// whose name begins with a dot, and the files <c>parameters.json</c> and <c>versions.lock.json</c> are not read here.
/// </remarks>
public sealed class RuleBook
{
    /// <summary>Lexicons of this beginning are used by the opt-out detection and by no rule.</summary>
    internal const string OptOutPrefix = "opt-out-";

    private const int MaxBytes = 4 * 1024 * 1024;

    private RuleBook(IReadOnlyList<Rule> rules, IReadOnlyDictionary<string, Lexicon> lexicons, IReadOnlyDictionary<string, NamedList> lists, IReadOnlyList<SourceFile> files)
    {
        Rules = rules;
        Lexicons = lexicons;
        Lists = lists;
        Files = files;
        Hash = HashOf(rules, lexicons, lists);
    }

    /// <summary>The rules in ordinal order of their ids.</summary>
    public IReadOnlyList<Rule> Rules { get; }

    /// <summary>The lexicons by id, also those that no rule uses.</summary>
    public IReadOnlyDictionary<string, Lexicon> Lexicons { get; }

    /// <summary>The lists by id, also those that no rule uses.</summary>
    public IReadOnlyDictionary<string, NamedList> Lists { get; }

    /// <summary>Every file read, in ordinal order of paths.</summary>
    public IReadOnlyList<SourceFile> Files { get; }

    /// <summary>SHA-256 in 64 lower-case hex digits over the hashes of all rules, lexicons and lists: two books that judge alike by their text have the same. Tests do not count.</summary>
    public string Hash { get; }

    /// <summary>Reads a rule folder.</summary>
    /// <param name="rulesFolder">The folder.</param>
    /// <param name="classifiers">The names of the classifiers that conditions may name.</param>
    public static RuleBookResult Load(string rulesFolder, IReadOnlyCollection<string> classifiers)
    {
        var diagnostics = new Diagnostics();
        var shown = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(rulesFolder)));
        var files = new List<SourceFile>();
        try
        {
            foreach (var path in Directory.EnumerateFiles(rulesFolder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, MaxRecursionDepth = 8 }))
            {
                var parts = Path.GetRelativePath(rulesFolder, path).Split(Path.DirectorySeparatorChar);
                if (IsRead(parts))
                {
                    files.Add(ReadFile(path, shown + "/" + string.Join('/', parts), diagnostics));
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            diagnostics.Error("E028", new SourceSpan(new SourceFile(shown, ""), 0, 0), e is DirectoryNotFoundException ? "the rule folder does not exist" : "the rule folder cannot be read",
                help: "name another with --rules, or look at its permissions");
        }
        return FromFiles(files, classifiers, diagnostics);
    }

    /// <summary>Reads files that are at hand.</summary>
    /// <param name="files">The files; the last two parts of a path are the folder, which says what it is, and the name.</param>
    /// <param name="classifiers">The names of the classifiers that conditions may name.</param>
    public static RuleBookResult FromFiles(IReadOnlyList<SourceFile> files, IReadOnlyCollection<string> classifiers) => FromFiles(files, classifiers, new Diagnostics());

    private static RuleBookResult FromFiles(IReadOnlyList<SourceFile> files, IReadOnlyCollection<string> classifiers, Diagnostics diagnostics)
    {
        var sorted = files.OrderBy(f => f.Path, StringComparer.Ordinal).Select(f => new BookEntry(f)).ToArray();
        var lexicons = new Dictionary<string, Lexicon>(StringComparer.Ordinal);
        var lists = new Dictionary<string, NamedList>(StringComparer.Ordinal);
        foreach (var entry in sorted.Where(e => e.Folder == "lexicons"))
        {
            var lexicon = entry.Read(diagnostics, (root, found) => LexiconReader.Read(root, entry.Stem, found));
            lexicons.TryAdd(entry.Stem, lexicon);
            lexicons.TryAdd(lexicon.Id, lexicon);
        }
        foreach (var entry in sorted.Where(e => e.Folder == "lists"))
        {
            var list = entry.Read(diagnostics, (root, found) => ListReader.Read(root, entry.Stem, found));
            lists.TryAdd(entry.Stem, list);
            lists.TryAdd(list.Id, list);
            if (entry.Stem == PiiPolicy.ListId && entry.IdSpan is { } policy) { CheckPolicy(list, policy, diagnostics); }
        }
        var rules = new List<Rule>();
        var first = new Dictionary<string, SourceSpan>(StringComparer.Ordinal);
        foreach (var entry in sorted.Where(e => e.Folder is not ("lexicons" or "lists")))
        {
            if (!entry.IsInFamily)
            {
                var near = Messages.NearestName.Find(entry.Folder, [.. RuleFamilies.All, "lexicons", "lists", "retired"]);
                diagnostics.Error("E021", new SourceSpan(entry.File, 0, 0), $"\"{Shown.Clip(entry.Folder)}\" is not a folder of the rule book",
                    note: "rules lie in the folder of their family: " + string.Join(", ", RuleFamilies.All), help: near is null ? "move the file" : $"a folder with a similar name exists: `{near}`");
                continue;
            }
            var rule = entry.Read(diagnostics, (root, found) => root is null ? null : RuleReader.Read(root, entry.Folder, entry.Stem, new ConditionContext(found, lexicons, lists, classifiers)));
            if (rule is not null)
            {
                rules.Add(rule);
            }
            if (entry.IdSpan is not { } id)
            {
                continue;
            }
            if (!first.TryAdd(entry.Stem, id))
            {
                diagnostics.Error("E021", id, $"id \"{Shown.Clip(entry.Stem)}\" already belongs to {first[entry.Stem].File.Path}", help: "choose another id, and call the file so", related: new RelatedPlace(first[entry.Stem], "it is taken here"));
            }
        }
        if (!diagnostics.HasErrors)
        {
            ReportUnused(sorted, rules, diagnostics);
        }
        var findings = diagnostics.Items;
        return diagnostics.HasErrors
            ? new RuleBookResult(null, findings)
            : new RuleBookResult(
                new RuleBook([.. rules.OrderBy(r => r.Id, StringComparer.Ordinal)], lexicons.ToFrozenDictionary(), lists.ToFrozenDictionary(), [.. sorted.Select(e => e.File)]), findings);
    }

    /// <summary>The list that says which packs of personal data are in force names packs, and types behind a minus sign.</summary>
    private static void CheckPolicy(NamedList list, SourceSpan span, Diagnostics diagnostics)
    {
        foreach (var value in list.Entries.Select(e => e.Value))
        {
            IReadOnlyList<string> known = value.StartsWith('-') ? PiiDetector.Types : PiiPolicy.Packs;
            var name = value.TrimStart('-');
            if (known.Contains(name)) { continue; }
            var near = Messages.NearestName.Find(name, known);
            diagnostics.Error("E024", span, $"\"{Shown.Clip(value)}\" is neither a PII pack nor a minus sign and a PII type", note: $"packs: {string.Join(", ", PiiPolicy.Packs)}", help: near is null ? null : $"a similar value exists: `{near}`");
        }
    }

    private static void ReportUnused(BookEntry[] entries, List<Rule> rules, Diagnostics diagnostics)
    {
        var lexicons = rules.SelectMany(r => r.ReferredLexicons).ToHashSet(StringComparer.Ordinal);
        var lists = rules.SelectMany(r => r.ReferredLists).ToHashSet(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            var unused = entry.Folder switch
            {
                "lexicons" when !lexicons.Contains(entry.Stem) && !entry.Stem.StartsWith(OptOutPrefix, StringComparison.Ordinal) => "lexicon",
                "lists" when !lists.Contains(entry.Stem) && entry.Stem != PiiPolicy.ListId => "list",
                _ => null,
            };
            if (unused is not null && entry.IdSpan is { } id)
            {
                diagnostics.Warning("W032", id, $"no rule uses the {unused} \"{Shown.Clip(entry.Stem)}\"", help: "use it in a rule, or delete the file");
            }
        }
    }

    private static bool IsRead(string[] parts) =>
        parts[^1].EndsWith(".json", StringComparison.OrdinalIgnoreCase)
        && !Array.Exists(parts, p => p.StartsWith('.'))
        && parts[0] != "retired"
        && !(parts.Length == 1 && parts[0] is "parameters.json" or "versions.lock.json");

    private static SourceFile ReadFile(string path, string shown, Diagnostics diagnostics)
    {
        byte[] bytes;
        try
        {
            if (new FileInfo(path).Length > MaxBytes)
            {
                return Unread(shown, "E027", $"the file has more than {MaxBytes} bytes", "split it", diagnostics);
            }
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Unread(shown, "E028", "the file cannot be read", "look at its permissions", diagnostics);
        }
        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            return Unread(shown, "E028", "the file is UTF-16, rule files are UTF-8", "save the file as UTF-8", diagnostics);
        }
        var file = new SourceFile(shown, Encoding.UTF8.GetString(bytes));
        if (!System.Text.Unicode.Utf8.IsValid(bytes))
        {
            var at = file.Text.IndexOf('\uFFFD', StringComparison.Ordinal);
            diagnostics.Error("E028", new SourceSpan(file, at, at + 1), "this is not UTF-8", help: "save the file as UTF-8");
        }
        return file;
    }

    private static SourceFile Unread(string shown, string code, string message, string help, Diagnostics diagnostics)
    {
        var file = new SourceFile(shown, "");
        diagnostics.Error(code, new SourceSpan(file, 0, 0), message, help: help);
        return file;
    }

    private static string HashOf(IReadOnlyList<Rule> rules, IReadOnlyDictionary<string, Lexicon> lexicons, IReadOnlyDictionary<string, NamedList> lists)
    {
        var lines = rules.Select(r => $"rule {r.Id} {r.Hash}")
            .Concat(lexicons.Values.OrderBy(l => l.Id, StringComparer.Ordinal).Select(l => $"lexicon {l.Id} {l.Hash}"))
            .Concat(lists.Values.OrderBy(l => l.Id, StringComparer.Ordinal).Select(l => $"list {l.Id} {l.Hash}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))));
    }

    /// <summary>A file on its way into the book.</summary>
    private sealed class BookEntry
    {
        private ParsedSource? _parsed;

        public BookEntry(SourceFile file)
        {
            File = file;
            var parts = file.Path.Split('/');
            Folder = parts.Length > 1 ? parts[^2] : "";
            Stem = parts[^1].EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? parts[^1][..^5] : parts[^1];
        }

        public SourceFile File { get; }

        public string Folder { get; }

        public string Stem { get; }

        public bool IsInFamily => RuleFamilies.All.Contains(Folder);

        /// <summary>Where the id stands, once read.</summary>
        public SourceSpan? IdSpan => (_parsed?.Root as SourceObject)?.Find("id")?.Value.Span;

        /// <summary>Parses the file and reads it; findings that only follow from what is no JSON are left out.</summary>
        public T Read<T>(Diagnostics diagnostics, Func<SourceNode?, Diagnostics, T> read)
        {
            if (File.Text.Length == 0 && diagnostics.Items.Any(d => d.Span.File == File))
            {
                return read(null, diagnostics);
            }
            _parsed = SourceParser.Parse(File, diagnostics);
            var found = new Diagnostics();
            var value = read(_parsed.Root, found);
            foreach (var finding in found.Items.Where(_parsed.Permits))
            {
                diagnostics.Add(finding);
            }
            return value;
        }
    }
}
