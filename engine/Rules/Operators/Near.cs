using System.Globalization;
using System.Runtime.InteropServices;
using Surveillance.Rules.Source;
using Surveillance.Text;

namespace Surveillance.Rules.Operators;

/// <summary>Two things are found not far from each other.</summary>
/// <remarks>
/// Distance counts words (characters in scripts without blanks) from the last word of one place to the first of the other: neighbours are 1 apart.
/// Both lie in one zone of one part, and places that share a word are no pair. Linear, but for sorting, in the number of places.
/// </remarks>
internal sealed class Near : Condition
{
    internal const int MaxWords = 200;

    internal static readonly Operator Definition = new(
        "near",
        "Both are found in the same zone, at most so many words apart (neighbours are 1 apart); `ordered`: the first before the second; `sameSentence`: no sentence ends between them.",
        """{ "near": { "first": { "phrase": "text me" }, "second": { "lexicon": "private-channels" }, "words": 8, "sameSentence": true } }""",
        $$"""
        { "type": "object", "additionalProperties": false, "required": ["first", "second", "words"], "properties": {
            "first": { "$ref": "#/$defs/condition", "description": "A phrase, lexicon, regex or pii condition." },
            "second": { "$ref": "#/$defs/condition", "description": "A phrase, lexicon, regex or pii condition." },
            "words": { "type": "integer", "minimum": 1, "maximum": {{MaxWords}} },
            "ordered": { "type": "boolean", "description": "Default: false." },
            "sameSentence": { "type": "boolean", "description": "Default: false." } } }
        """,
        Read);

    private readonly TextCondition _first, _second;
    private readonly int _words;
    private readonly bool _ordered, _sameSentence;

    private Near(SourceNode node, TextCondition first, TextCondition second, int words, bool ordered, bool sameSentence)
        : base(node)
    {
        _first = first;
        _second = second;
        _words = words;
        _ordered = ordered;
        _sameSentence = sameSentence;
    }

    public override string Operator => Definition.Name;

    public override string Says => $"the second of these is at most {Options.Count(_words, "word")} {(_ordered ? "after" : "from")} the first{(_sameSentence ? ", in one sentence" : "")}";

    public override IReadOnlyList<Condition> Children => [_first, _second];

    internal override NecessaryKey Key => NecessaryKey.Best([_first.Key, _second.Key]);

    internal override Outcome Evaluate(Facts facts)
    {
        var firsts = facts.RentList();
        var seconds = facts.RentList();
        _first.Find(facts, firsts);
        if (firsts.Count > 0 || facts.Explaining)
        {
            _second.Find(facts, seconds);
        }
        var pairs = new Pairs(this, facts, firsts, seconds);
        pairs.Search();
        var outcome = facts.Explaining ? Explain(facts, firsts, seconds, pairs) : Outcome.Of(pairs.Any);
        facts.Return(firsts);
        facts.Return(seconds);
        return outcome;
    }

    private Outcome Explain(Facts facts, List<Occurrence> firsts, List<Occurrence> seconds, Pairs pairs)
    {
        var state = pairs.Any ? Truth.Matched : Truth.NotMatched;
        var first = _first.Explain(facts, firsts.Count > 0, pairs.Any ? pairs.Firsts : firsts).Proof!;
        var second = _second.Explain(facts, seconds.Count > 0, pairs.Any ? pairs.Seconds : seconds).Proof!;
        return new Outcome(state, ProofOf(state) with
        {
            Value = pairs.Least is { } least ? Options.Count(least, "word") + " apart" : "no pair",
            Threshold = "at most " + Options.Count(_words, "word"),
            Note = !pairs.Any && pairs.Least <= _words ? "a sentence ends between them" : null,
            Parts = [first, second],
        });
    }

    private static Near? Read(SourceNode value, SourceObject node, ConditionContext context)
    {
        if (Options.Object(value, Definition.Name, "an object with \"first\", \"second\" and \"words\"", context, "first", "second", "words", "ordered", "sameSentence") is not { } fields)
        {
            return null;
        }
        var first = Place("first");
        var second = Place("second");
        var words = fields.Integer("words", 1, MaxWords, required: true);
        var ordered = fields.Boolean("ordered") ?? false;
        var sameSentence = fields.Boolean("sameSentence") ?? false;
        return first is null || second is null || words is null ? null : new Near(node, first, second, words.Value, ordered, sameSentence);

        TextCondition? Place(string name)
        {
            if (fields.Node(name, required: true) is not { } written || ConditionParser.Read(written, context) is not { } condition)
            {
                return null;
            }
            if (condition is not TextCondition place)
            {
                context.Diagnostics.Error("E009", written.Span, $"\"{condition.Operator}\" finds no place in the words, so nothing can be near it", help: "`first` and `second` are phrase, lexicon, regex or pii conditions");
                return null;
            }
            return place;
        }
    }

    /// <summary>A place by its tokens and the zone it lies in.</summary>
    private readonly record struct Placed(int Part, int Zone, int First, int Last, int Index);

    /// <summary>Pairs up places.</summary>
    private sealed class Pairs(Near near, Facts facts, List<Occurrence> firsts, List<Occurrence> seconds)
    {
        private readonly HashSet<int> _usedFirsts = [], _usedSeconds = [];

        /// <summary>Whether there is a pair.</summary>
        internal bool Any { get; private set; }

        /// <summary>The least distance of any two places of one zone in the right order; null when there are no such two.</summary>
        internal int? Least { get; private set; }

        internal IReadOnlyList<Occurrence> Firsts => [.. _usedFirsts.Order().Select(i => firsts[i])];

        internal IReadOnlyList<Occurrence> Seconds => [.. _usedSeconds.Order().Select(i => seconds[i])];

        internal void Search()
        {
            if (firsts.Count == 0 || seconds.Count == 0)
            {
                return;
            }
            var placed = Place(firsts);
            var byStart = Place(seconds);
            var byEnd = near._ordered ? [] : byStart.ToArray();
            Array.Sort(byStart, static (a, b) => (a.Part, a.Zone, a.First, a.Last).CompareTo((b.Part, b.Zone, b.First, b.Last)));
            Array.Sort(byEnd, static (a, b) => (a.Part, a.Zone, a.Last, a.First).CompareTo((b.Part, b.Zone, b.Last, b.First)));
            foreach (var a in placed)
            {
                // The nearest on either side is enough: a sentence that ends before it ends before every one farther away, too.
                var after = LowerBound(byStart, a.Part, a.Zone, a.Last + 1, static b => b.First);
                if (after < byStart.Length && (byStart[after].Part, byStart[after].Zone) == (a.Part, a.Zone))
                {
                    Consider(a, byStart[after], byStart[after].First - a.Last, a.Last, byStart[after].First);
                }
                var before = LowerBound(byEnd, a.Part, a.Zone, a.First, static b => b.Last) - 1;
                if (before >= 0 && (byEnd[before].Part, byEnd[before].Zone) == (a.Part, a.Zone))
                {
                    Consider(a, byEnd[before], a.First - byEnd[before].Last, byEnd[before].Last, a.First);
                }
                if (Any && !facts.Explaining)
                {
                    return;
                }
            }
        }

        private void Consider(Placed a, Placed b, int distance, int left, int right)
        {
            Least = Least is { } least ? Math.Min(least, distance) : distance;
            if (distance <= near._words && (!near._sameSentence || facts.Parts[a.Part].Text.SameSentence(left, right)))
            {
                Any = true;
                _usedFirsts.Add(a.Index);
                _usedSeconds.Add(b.Index);
            }
        }

        private static int LowerBound(Placed[] sorted, int part, int zone, int token, Func<Placed, int> key)
        {
            int low = 0, high = sorted.Length;
            while (low < high)
            {
                var middle = (low + high) / 2;
                var b = sorted[middle];
                if ((b.Part, b.Zone, key(b)).CompareTo((part, zone, token)) < 0) { low = middle + 1; }
                else { high = middle; }
            }
            return low;
        }

        private Placed[] Place(List<Occurrence> found)
        {
            var placed = new List<Placed>(found.Count);
            for (var i = 0; i < found.Count; i++)
            {
                var place = CollectionsMarshal.AsSpan(found)[i];
                var text = facts.Parts[place.Part].Text;
                var (first, last) = place.First >= 0 ? (place.First, place.Last) : TokensOf(text, place.Span);
                placed.Add(new Placed(place.Part, place.Part == 0 ? ZoneIndex(text, place.Span.Start) : 0, first, last, i));
            }
            return [.. placed];
        }

        /// <summary>The tokens that a span touches; where it touches none (signs only), the one after it stands for it.</summary>
        private static (int First, int Last) TokensOf(PreparedText text, TextSpan span)
        {
            int low = 0, high = text.Tokens.Length;
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (text.SpanOfTokens(middle, middle).End <= span.Start) { low = middle + 1; }
                else { high = middle; }
            }
            var first = low;
            high = text.Tokens.Length;
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (text.SpanOfTokens(middle, middle).Start < span.End) { low = middle + 1; }
                else { high = middle; }
            }
            return (first, Math.Max(first, low - 1));
        }

        private static int ZoneIndex(PreparedText text, int offset)
        {
            var zones = text.ZoneSpans;
            int low = 0, high = zones.Count - 1;
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (zones[middle].Span.End <= offset) { low = middle + 1; }
                else { high = middle; }
            }
            return low;
        }
    }
}
