using System.Collections.Frozen;
using System.Text.Json;
using Surveillance.Text;

namespace Surveillance.Detection.Pii;

/// <summary>Groups of words that speak for or against PII types. Values combine as a set.</summary>
[Flags]
internal enum WordGroup : ulong
{
    None = 0,
    /// <summary>Names of telephones and lines.</summary>
    Phone = 1,
    /// <summary>Ways to reach somebody, by telephone or not.</summary>
    Contact = 1 << 1,
    /// <summary>Payment cards.</summary>
    Card = 1 << 2,
    /// <summary>International bank account numbers and what moves money by them.</summary>
    Iban = 1 << 3,
    /// <summary>Accounts with a number of their own.</summary>
    Account = 1 << 4,
    /// <summary>Hosts and networks.</summary>
    Network = 1 << 5,
    /// <summary>The sixth version of the Internet protocol, by name.</summary>
    Ipv6 = 1 << 6,
    /// <summary>Web sites.</summary>
    Web = 1 << 7,
    /// <summary>Orders, references and other running numbers.</summary>
    Order = 1 << 8,
    /// <summary>Versions, sections and other dotted numbers.</summary>
    Version = 1 << 9,
    /// <summary>Instants and dates.</summary>
    Time = 1 << 10,
    /// <summary>Amounts and their units.</summary>
    Amount = 1 << 11,
    /// <summary>Places with a telephone: they count right beside a number only.</summary>
    Place = 1 << 14,
    /// <summary>The international bank account number, by name.</summary>
    IbanName = 1 << 15,
    /// <summary>Denials.</summary>
    Negation = 1 << 12,
    /// <summary>Likenesses: what a denial denies.</summary>
    Likeness = 1 << 13,
}

/// <summary>A group's word.</summary>
/// <param name="Groups">The groups it belongs to.</param>
/// <param name="Languages">Where it is at home, see <see cref="WordLanguage"/>.</param>
internal readonly record struct GroupWord(WordGroup Groups, byte Languages);

/// <summary>The context words that several types share, by group and language: <c>ContextWords.json</c>. Whole words, folded; two words count as a pair.</summary>
internal static class Words
{
    private const string Resource = "pii-context-words";
    private const string RunningName = "running";
    private const string UnitName = "unit";
    private const string OrdinaryName = "ordinary";

    /// <summary>The longest run of characters of a script without blanks that is one word here.</summary>
    internal const int LongestUnspaced = 4;

    /// <summary>Words that speak against every type, whatever the language: a wrong alarm is dearer than a hit below the threshold.</summary>
    private const WordGroup Anywhere = WordGroup.Order | WordGroup.Version | WordGroup.Time | WordGroup.Amount | WordGroup.Negation | WordGroup.Likeness;

    /// <summary>Group, then language (ISO 639-1, <c>mul</c> for words of every language), then words.</summary>
    private static readonly Dictionary<string, Dictionary<string, string[]>> Lists = Read();

    private static readonly FrozenDictionary<ulong, GroupWord> Index = BuildIndex();

    private static readonly FrozenSet<ulong> Units = Lists[UnitName].Values.SelectMany(w => w).Select(w => PreparedText.Of(w).Tokens[0].Hash).ToFrozenSet();

    private static readonly FrozenSet<ulong> Abbreviations = ((string[])["mio", "mn", "bn"]).Select(w => Folding.HashToken(w)).ToFrozenSet();

    /// <summary>Words of running numbers, instants and amounts: they speak against every type that does not ask for them.</summary>
    internal static IEnumerable<string> Running => Lists[RunningName].Values.SelectMany(w => w);

    /// <summary>Words of a group by language.</summary>
    /// <param name="name">Its name in the file.</param>
    /// <exception cref="FormatException">There is no such group.</exception>
    internal static IReadOnlyDictionary<string, string[]> Of(string name) =>
        Lists.TryGetValue(name, out var lists) ? lists : throw new FormatException($"there is no group of context words \"{name}\".");

    /// <summary>Short words of a language that context words of another language look like.</summary>
    internal static IReadOnlyDictionary<string, string[]> Ordinary => Lists[OrdinaryName];

    /// <summary>The file as it is, for the hash of everything that decides what is found.</summary>
    internal static Stream Open() => typeof(Words).Assembly.GetManifestResourceStream(Resource)!;

    /// <summary>Whether a token is a unit that makes an amount of the number right before it.</summary>
    /// <param name="hash">Hash of the token.</param>
    internal static bool IsUnit(ulong hash) => Units.Contains(hash);

    /// <summary>Whether a token is an abbreviation of a unit that is another word as well: a unit only right behind a digit.</summary>
    /// <param name="text">Folded text.</param>
    /// <param name="token">The token.</param>
    internal static bool IsOtherThanUnit(ReadOnlySpan<char> text, Token token)
    {
        if (token.End - token.Start > 3 || !Abbreviations.Contains(token.Hash)) { return false; }
        var before = token.Start - 1;
        if (before >= 0 && text[before] == ' ') { before--; }
        return before < 0 || !char.IsAsciiDigit(text[before]);
    }

    /// <summary>The groups that a word belongs to, in whatever language.</summary>
    /// <param name="hash">Hash of its token.</param>
    internal static WordGroup GroupsOf(ulong hash) => Index.TryGetValue(hash, out var word) ? word.Groups : WordGroup.None;

    /// <summary>The groups that a word belongs to in the language of its text.</summary>
    /// <param name="hash">Hash of the word.</param>
    /// <param name="language">The language of the text, see <see cref="WordLanguage"/>.</param>
    /// <param name="text">The text.</param>
    /// <param name="token">The word's first token.</param>
    internal static WordGroup GroupsOf(ulong hash, byte language, PreparedText text, Token token) =>
        !Index.TryGetValue(hash, out var word) ? WordGroup.None
        : WordLanguage.IsForeign(word.Languages, language, text, token) ? word.Groups & Anywhere
        : word.Groups;

    /// <summary>The hash of two words in a row.</summary>
    /// <param name="first">Hash of the first token.</param>
    /// <param name="second">Hash of the second token.</param>
    internal static ulong Pair(ulong first, ulong second) => (first * 0x9E3779B97F4A7C15) ^ (second + (first >> 23));

    private static Dictionary<string, Dictionary<string, string[]>> Read()
    {
        using var stream = Open();
        return JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, string[]>>>(stream)!;
    }

    private static FrozenDictionary<ulong, GroupWord> BuildIndex()
    {
        var index = new Dictionary<ulong, GroupWord>();
        foreach (var (name, lists) in Lists)
        {
            if (name is RunningName or UnitName or OrdinaryName) { continue; }
            var group = Enum.Parse<WordGroup>(name.Replace("-", "", StringComparison.Ordinal), ignoreCase: true);
            foreach (var (language, words) in lists)
            {
                foreach (var word in words)
                {
                    var prepared = PreparedText.Of(word);
                    var tokens = prepared.Tokens;
                    var unspaced = (tokens[0].Flags & TokenFlags.Unspaced) != 0;
                    var hash = unspaced ? Folding.HashToken(prepared.Folded)
                        : tokens.Length == 1 ? tokens[0].Hash
                        : Pair(tokens[0].Hash, tokens[1].Hash);
                    var known = index.GetValueOrDefault(hash);
                    index[hash] = new GroupWord(known.Groups | group, (byte)(known.Languages | WordLanguage.OfList(language)));
                }
            }
        }
        return index.ToFrozenDictionary();
    }
}
