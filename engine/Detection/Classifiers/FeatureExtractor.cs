using System.Buffers;
using System.Runtime.CompilerServices;
using Surveillance.Messages;
using Surveillance.Text;

namespace Surveillance.Detection.Classifiers;

/// <summary>What kind of thing a feature of a message is.</summary>
public enum FeatureKind : byte
{
    /// <summary>A word, or one character of a script written without blanks.</summary>
    Word,
    /// <summary>Two neighbouring words, or three characters of a script written without blanks.</summary>
    WordPair,
    /// <summary>The beginning of a word, so that its other forms count alike.</summary>
    Stem,
    /// <summary>A number with the signs around it, whatever its digits.</summary>
    Number,
    /// <summary>Something about the message as a whole: its length, a question mark, a link.</summary>
    Trait,
    /// <summary>Which way the message went.</summary>
    Direction,
}

/// <summary>Receives the features of a message one by one; a feature that occurs several times is given several times.</summary>
internal interface IFeatureSink
{
    /// <summary>Takes one feature.</summary>
    /// <param name="slot">The weight it counts with, 0 to <see cref="FeatureExtractor.Slots"/> - 1.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="text">The part of the message it stands in; null for a trait or the direction.</param>
    /// <param name="start">Offset of its first unit in the folded text; the number of a trait or direction.</param>
    /// <param name="end">Offset after its last unit in the folded text.</param>
    void Add(int slot, FeatureKind kind, PreparedText? text, int start, int end);
}

/// <summary>Takes a message apart into hashed features: words, word pairs, beginnings of words, numbers, and traits of the whole.</summary>
/// <remarks>
/// Reads the folded text and the token hashes that were made once for every detector; only words the sender wrote count
/// (<see cref="Zones.Authored"/>), and the subject line. Allocates nothing; costs linear time. The obvious way of doing the
/// same is <c>SlowFeatures</c> in the tests. A change of anything here needs another <see cref="Version"/>, because a model
/// fits the features it was trained with.
/// </remarks>
internal static class FeatureExtractor
{
    /// <summary>Kept in each model file; a model made for another version is refused.</summary>
    internal const int Version = 1;

    /// <summary>How many weights there are: 2 to the power of 16.</summary>
    internal const int Slots = 1 << 16;

    /// <summary>The shortest beginning of a word that counts.</summary>
    internal const int ShortestStem = 4;

    /// <summary>The longest beginning of a word that counts.</summary>
    internal const int LongestStem = 6;

    private const int LengthTrait = 10;

    private static readonly SearchValues<char> MoneySigns = SearchValues.Create("$£€¥₹₱");

    /// <summary>Signs and dingbats, and the first units of pictographs.</summary>
    private static readonly SearchValues<char> EmojiUnits =
        SearchValues.Create([.. Enumerable.Range(0x2600, 0x1C0).Select(c => (char)c), '\uD83C', '\uD83D', '\uD83E']);

    /// <summary>Gives every feature of the message to the sink: those of the subject, of the text, then the traits.</summary>
    /// <param name="message">The message.</param>
    /// <param name="sink">Takes the features.</param>
    internal static void Walk<TSink>(PreparedMessage message, ref TSink sink)
        where TSink : struct, IFeatureSink
    {
        var traits = new Traits();
        if (message.Message.Subject is { Length: > 0 } && message.Part("subject") is { } subject)
        {
            traits.Raise(Traits.Subject);
            Walk(subject, ref traits, ref sink);
        }
        Walk(message.Text, ref traits, ref sink);
        traits.Give(message.Message.Direction, ref sink);
    }

    /// <summary>The weight that a feature counts with.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="hash">Hash of what it is.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int SlotOf(FeatureKind kind, ulong hash) => (int)(((hash + (ulong)kind) * 0x9E3779B97F4A7C15) >> 48);

    /// <summary>The hash of two things that stand side by side, in this order.</summary>
    internal static ulong Pair(ulong first, ulong second) => (first * 3 + second) * 0x100000001B3;

    /// <summary>What a trait or direction is called in explanations.</summary>
    /// <param name="kind">Which of the two.</param>
    /// <param name="number">Its number.</param>
    internal static string NameOf(FeatureKind kind, int number) => number switch
    {
        _ when kind == FeatureKind.Direction => ((Direction)number).ToString().ToLowerInvariant(),
        1 => "exclamation mark",
        2 => "question mark",
        3 => "emoji",
        4 => "link",
        5 => "per cent sign",
        6 => "money sign",
        Traits.Subject => "subject line",
        _ => "length",
    };

    private static void Walk<TSink>(PreparedText text, ref Traits traits, ref TSink sink)
        where TSink : struct, IFeatureSink
    {
        var folded = text.Folded;
        var tokens = text.Tokens;
        var zones = (ZonedSpan[])text.ZoneSpans;
        var allAuthored = zones.Length == 1 && zones[0].Zone == Zones.Authored;
        ulong previous = 0, beforePrevious = 0;
        int previousAt = -1, beforePreviousAt = -1;
        for (var i = 0; i < tokens.Length; i++)
        {
            var token = tokens[i];
            if (!allAuthored && !IsAuthored(text, token))
            {
                previousAt = beforePreviousAt = -1;
                continue;
            }
            traits.Words++;
            var isNumber = (token.Flags & TokenFlags.Digits) != 0;
            var isUnspaced = (token.Flags & TokenFlags.Unspaced) != 0;
            var hash = isNumber ? NumberHash(folded, token) : token.Hash;
            var kind = isNumber ? FeatureKind.Number : FeatureKind.Word;
            sink.Add(SlotOf(kind, hash), kind, text, token.Start, token.End);
            if (previousAt >= 0)
            {
                sink.Add(SlotOf(FeatureKind.WordPair, Pair(previous, hash)), FeatureKind.WordPair, text, tokens[previousAt].Start, token.End);
                if (isUnspaced && beforePreviousAt >= 0 && tokens[previousAt].End == token.Start && tokens[beforePreviousAt].End == tokens[previousAt].Start)
                {
                    sink.Add(SlotOf(FeatureKind.WordPair, Pair(Pair(beforePrevious, previous), hash)), FeatureKind.WordPair, text, tokens[beforePreviousAt].Start, token.End);
                }
            }
            if (!isNumber && !isUnspaced)
            {
                GiveStems(text, folded, token, ref sink);
            }
            (beforePrevious, beforePreviousAt) = (previous, isUnspaced ? previousAt : -1);
            (previous, previousAt) = (hash, i);
        }
        foreach (var alternate in text.Alternates)
        {
            if (allAuthored || IsAuthored(text, tokens[alternate.First]))
            {
                sink.Add(SlotOf(FeatureKind.Word, alternate.Hash), FeatureKind.Word, text, tokens[alternate.First].Start, tokens[alternate.First + alternate.Count - 1].End);
            }
        }
        for (var i = 0; i < zones.Length; i++)
        {
            if (zones[i].Zone == Zones.Authored)
            {
                traits.Look(text.Original.AsSpan(zones[i].Span.Start, zones[i].Span.Length));
            }
        }
    }

    private static bool IsAuthored(PreparedText text, Token token) => text.ZoneAt(text.ToOriginal(token.Start, token.End).Start) == Zones.Authored;

    /// <summary>Beginnings of a word of four to six characters.</summary>
    private static void GiveStems<TSink>(PreparedText text, ReadOnlySpan<char> folded, Token token, ref TSink sink)
        where TSink : struct, IFeatureSink
    {
        var hash = Folding.HashStart;
        var last = Math.Min(token.End, token.Start + LongestStem);
        for (var i = token.Start; i < last; i++)
        {
            hash = Folding.HashStep(hash, folded[i]);
            if (i - token.Start + 1 >= ShortestStem)
            {
                sink.Add(SlotOf(FeatureKind.Stem, Folding.HashEnd(hash)), FeatureKind.Stem, text, token.Start, token.End);
            }
        }
    }

    /// <summary>A number counts by what stands around it: a money sign before, a per cent or money sign or letters after; not by its digits.</summary>
    private static ulong NumberHash(ReadOnlySpan<char> folded, Token token)
    {
        var hash = Folding.HashStart;
        if (token.Start > 0 && MoneySigns.Contains(folded[token.Start - 1]))
        {
            hash = Folding.HashStep(hash, '$');
        }
        var afterDigit = false;
        for (var i = token.Start; i < token.End; i++)
        {
            var isDigit = folded[i] is >= '0' and <= '9';
            if (folded[i] != '\'' && !(isDigit && afterDigit))
            {
                hash = Folding.HashStep(hash, isDigit ? '0' : folded[i]);
            }
            afterDigit = isDigit;
        }
        var after = token.End;
        if (after + 1 < folded.Length && folded[after] == ' ')
        {
            after++;
        }
        if (after < folded.Length && (folded[after] == '%' || MoneySigns.Contains(folded[after])))
        {
            hash = Folding.HashStep(hash, folded[after] == '%' ? '%' : '$');
        }
        return Folding.HashEnd(hash);
    }

    /// <summary>What the message as a whole looks like.</summary>
    private struct Traits
    {
        internal const int Subject = 40;

        internal int Words;
        private ulong _raised;

        internal void Raise(int trait) => _raised |= 1UL << trait;

        internal void Look(ReadOnlySpan<char> text)
        {
            if (text.ContainsAny('!', '！')) { Raise(1); }
            if (text.ContainsAny('?', '？')) { Raise(2); }
            if (text.ContainsAny(EmojiUnits)) { Raise(3); }
            if (text.Contains("://", StringComparison.Ordinal) || text.Contains("www.", StringComparison.OrdinalIgnoreCase)) { Raise(4); }
            if (text.ContainsAny('%', '％')) { Raise(5); }
            if (text.ContainsAny(MoneySigns)) { Raise(6); }
        }

        internal void Give<TSink>(Direction direction, ref TSink sink)
            where TSink : struct, IFeatureSink
        {
            sink.Add(SlotOf(FeatureKind.Direction, Folding.HashEnd((ulong)direction + 1)), FeatureKind.Direction, null, (int)direction, 0);
            Raise(LengthTrait + int.Log2(Words + 1));
            for (var rest = _raised; rest != 0; rest &= rest - 1)
            {
                var trait = System.Numerics.BitOperations.TrailingZeroCount(rest);
                sink.Add(SlotOf(FeatureKind.Trait, Folding.HashEnd((ulong)trait)), FeatureKind.Trait, null, trait, 0);
            }
        }
    }
}
