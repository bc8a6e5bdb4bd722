using System.Collections.Frozen;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Surveillance.Detection;
using Surveillance.Detection.Lexicons;
using Surveillance.Messages;

namespace Surveillance.Rules;

/// <summary>Everything that judges messages together: rules, lexicons, lists and models, compiled. Immutable and thread-safe; swapped by one reference.</summary>
/// <remarks>
/// A message is judged by candidate rules only. A rule that needs a phrase, personal data or a score is a candidate when one of those is there
/// (<see cref="NecessaryKey"/>); the others are found by the bits of channel, direction and kind. No loop ever runs over all rules, so the cost of a
/// message hardly grows with their number.
/// </remarks>
public sealed class Revision
{
    private readonly AttributeMask[] _masks;
    private readonly FrozenDictionary<PhraseCondition, BoundPhrases> _bound;
    private readonly FrozenDictionary<string, Rule> _byId;

    /// <summary>For each phrase the rules that it makes candidates.</summary>
    private readonly int[][] _rulesOfPhrase;

    private readonly FrozenDictionary<string, int[]> _rulesOfPii;

    /// <summary>For each classifier its rules in rising order of the score they need.</summary>
    private readonly (string Classifier, (double AtLeast, int Rule)[] Rules)[] _rulesOfScore;

    private readonly AttributeIndex _keyless;

    /// <summary>Compiles a rule book.</summary>
    /// <param name="book">A book without errors.</param>
    /// <param name="detectors">The detectors that run with it.</param>
    /// <param name="piiHash">Hash of the detector of personal data that ran with it when it was in force; null for the one that runs now.</param>
    public Revision(RuleBook book, DetectorSet detectors, string? piiHash = null)
    {
        var rules = book.Rules;
        Book = book;
        Detectors = detectors;
        Models = [.. detectors.Classifiers.Select(c => new KeyValuePair<string, string>(c.Name, c.Hash))];
        PiiHash = piiHash ?? detectors.PiiHash;
        Id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{book.Hash}\npii {PiiHash}{string.Concat(Models.Select(m => $"\n{m.Key} {m.Value}"))}")));
        MissingModels =
        [
            .. rules.SelectMany(Trees).SelectMany(c => c.References).Where(r => r.Kind == "classifier").Select(r => r.Name).Distinct()
                .Except(Models.Select(m => m.Key)).Order(StringComparer.Ordinal),
        ];
        _masks = [.. rules.Select(r => r.When.Mask.And(AttributeMask.Of(r.AppliesTo)))];
        _byId = rules.ToFrozenDictionary(r => r.Id, StringComparer.Ordinal);
        var conditions = rules.SelectMany(Trees).ToList();
        var reach = conditions.Max(c => c.Reach);
        LooksAtConversations = reach is not null;
        ConversationReach = reach ?? TimeSpan.Zero;

        var phrases = new List<PhrasePattern>();
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        var texts = conditions.SelectMany(c => c.Tree).OfType<TextCondition>().ToList();
        PartsLookedAt = texts.Aggregate(SearchZones.None, (zones, c) => zones | c.Zones) & ~SearchZones.Text;
        _bound = texts.OfType<PhraseCondition>().ToFrozenDictionary(c => c, Bind);
        Matcher = new PhraseMatcher(phrases);

        var ofPhrase = new List<int>[phrases.Count];
        var ofPii = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        var ofScore = new SortedDictionary<string, List<(double, int)>>(StringComparer.Ordinal);
        var keyless = new List<int>();
        for (var i = 0; i < rules.Count; i++)
        {
            var key = rules[i].When.Key;
            if (key.IsNone)
            {
                keyless.Add(i);
                continue;
            }
            foreach (var id in key.Phrases.Select(p => ids[p.Key]).Distinct())
            {
                (ofPhrase[id] ??= []).Add(i);
            }
            foreach (var type in key.PiiTypes)
            {
                (ofPii.TryGetValue(type, out var list) ? list : ofPii[type] = []).Add(i);
            }
            foreach (var score in key.Scores)
            {
                (ofScore.TryGetValue(score.Classifier, out var list) ? list : ofScore[score.Classifier] = []).Add((score.AtLeast, i));
            }
        }
        _rulesOfPhrase = Array.ConvertAll(ofPhrase, list => list?.ToArray() ?? []);
        _rulesOfPii = ofPii.ToFrozenDictionary(p => p.Key, p => p.Value.ToArray(), StringComparer.Ordinal);
        _rulesOfScore = [.. ofScore.Select(s => (s.Key, s.Value.Order().ToArray()))];
        _keyless = new AttributeIndex(keyless, i => _masks[i]);

        BoundPhrases Bind(PhraseCondition condition)
        {
            var numbers = new SortedDictionary<int, int>();
            for (var number = 0; number < condition.Phrases.Count; number++)
            {
                var pattern = condition.Phrases[number];
                if (!ids.TryGetValue(pattern.Key, out var id))
                {
                    ids.Add(pattern.Key, id = phrases.Count);
                    phrases.Add(pattern);
                }
                numbers.TryAdd(id, number);
            }
            return new BoundPhrases([.. numbers.Keys], [.. numbers.Values]);
        }
    }

    /// <summary>SHA-256 in 64 lower-case hex digits over the rule book, every model and the detector of personal data: two revisions with one id judge alike.</summary>
    public string Id { get; }

    /// <summary>The rules, lexicons and lists.</summary>
    public RuleBook Book { get; }

    /// <summary>The rules in ordinal order of their ids.</summary>
    public IReadOnlyList<Rule> Rules => Book.Rules;

    /// <summary>The detectors that run with it.</summary>
    public DetectorSet Detectors { get; }

    /// <summary>Name and hash of every model that is loaded, in order of name.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Models { get; }

    /// <summary>Hash of the detector of personal data, lower-case hex digits; of one read back from the archive, as it was when it was in force.</summary>
    public string PiiHash { get; }

    /// <summary>Names of the classifiers that rules ask for and that are not loaded, in ordinal order; conditions on them are not evaluated.</summary>
    public IReadOnlyList<string> MissingModels { get; }

    /// <summary>Whether any rule looks at earlier messages of a conversation. Where none does, an empty view judges the same.</summary>
    public bool LooksAtConversations { get; }

    /// <summary>How far back any rule looks in a conversation, from the time a message was sent; zero where none does.</summary>
    public TimeSpan ConversationReach { get; }

    /// <summary>Finds all phrases of all rules at once.</summary>
    internal PhraseMatcher Matcher { get; }

    /// <summary>Parts besides the text that any rule looks for words in.</summary>
    internal SearchZones PartsLookedAt { get; }

    /// <summary>The rule of an id, or null.</summary>
    /// <param name="id">The id.</param>
    public Rule? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>The phrases of a condition by the matcher's numbers.</summary>
    internal BoundPhrases PhrasesOf(PhraseCondition condition) => _bound[condition];

    /// <summary>Puts into the list the numbers, in order and each once, of every rule that may be anything but not matched.</summary>
    /// <param name="facts">The facts of a message.</param>
    /// <param name="into">An empty list.</param>
    internal void FindCandidates(Facts facts, List<int> into)
    {
        var message = facts.Message;
        var phrases = facts.Phrases;
        for (var i = 0; i < phrases.PhraseCount; i++)
        {
            Add(_rulesOfPhrase[phrases.PhraseAt(i)]);
        }
        if (_rulesOfPii.Count > 0)
        {
            var hits = facts.Hits.Pii;
            for (var i = 0; i < hits.Count; i++)
            {
                if (_rulesOfPii.TryGetValue(hits[i].Type, out var rules))
                {
                    Add(rules);
                }
            }
        }
        foreach (var (classifier, rules) in _rulesOfScore)
        {
            var score = facts.Hits.ScoreOf(classifier);
            foreach (var (atLeast, rule) in rules)
            {
                if (score < atLeast)
                {
                    break;
                }
                Add([rule]);
            }
        }
        var keyed = into.Count;
        _keyless.Find(message, into);
        if (keyed > 0 && into.Count > 1)
        {
            into.Sort();
            var kept = 1;
            for (var i = 1; i < into.Count; i++)
            {
                if (into[i] != into[kept - 1])
                {
                    into[kept++] = into[i];
                }
            }
            into.RemoveRange(kept, into.Count - kept);
        }

        void Add(ReadOnlySpan<int> rules)
        {
            foreach (var rule in rules)
            {
                if (_masks[rule].Covers(message))
                {
                    into.Add(rule);
                }
            }
        }
    }

    private static IEnumerable<Condition> Trees(Rule rule) => rule.Unless is null ? [rule.When] : [rule.When, rule.Unless];
}

/// <summary>Finds rules by channel, direction and kind of a message: a row of bits for each value, and-ed. Immutable.</summary>
internal sealed class AttributeIndex
{
    private readonly int[] _rules;
    private readonly ulong[][] _channels, _directions, _kinds;

    /// <summary>An index.</summary>
    /// <param name="rules">Numbers of rules, rising.</param>
    /// <param name="maskOf">What each of them can match.</param>
    internal AttributeIndex(IReadOnlyList<int> rules, Func<int, AttributeMask> maskOf)
    {
        _rules = [.. rules];
        _channels = Rows<Channel>(m => m.Channels);
        _directions = Rows<Direction>(m => m.Directions);
        _kinds = Rows<MessageKind>(m => m.Kinds);

        ulong[][] Rows<T>(Func<AttributeMask, ulong> bitsOf) where T : struct, Enum
        {
            var rows = new ulong[Enum.GetValues<T>().Length][];
            for (var value = 0; value < rows.Length; value++)
            {
                rows[value] = new ulong[(_rules.Length + 63) / 64];
                for (var i = 0; i < rules.Count; i++)
                {
                    rows[value][i / 64] |= (bitsOf(maskOf(_rules[i])) >> value & 1) << i % 64;
                }
            }
            return rows;
        }
    }

    /// <summary>Adds the rules that can match the message, in order.</summary>
    internal void Find(CapturedMessage message, List<int> into)
    {
        var channels = _channels[(int)message.Channel];
        var directions = _directions[(int)message.Direction];
        var kinds = _kinds[(int)message.Kind];
        for (var word = 0; word < channels.Length; word++)
        {
            for (var bits = channels[word] & directions[word] & kinds[word]; bits != 0; bits &= bits - 1)
            {
                into.Add(_rules[word * 64 + BitOperations.TrailingZeroCount(bits)]);
            }
        }
    }
}
