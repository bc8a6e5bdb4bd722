using System.Text;
using Surveillance.Detection;
using Surveillance.Detection.Classifiers;
using Surveillance.Text;

namespace Surveillance.Engine.Tests.Detection.Classifiers;

/// <summary>The features of a message the obvious way: with strings, lists and sets.</summary>
internal static class SlowFeatures
{
    internal static List<(int Slot, FeatureKind Kind)> Of(PreparedMessage message)
    {
        var found = new List<(int, FeatureKind)>();
        var words = 0;
        var authored = new StringBuilder();
        foreach (var text in new[] { string.IsNullOrEmpty(message.Message.Subject) ? null : message.Part("subject"), message.Text })
        {
            if (text is not null)
            {
                words += AddPart(text, found);
                foreach (var zone in text.ZoneSpans.Where(z => z.Zone == Zones.Authored))
                {
                    authored.Append(text.Original, zone.Span.Start, zone.Span.Length).Append('\n');
                }
            }
        }
        var all = authored.ToString();
        void Trait(bool holds, int number)
        {
            if (holds) { found.Add((Slot(FeatureKind.Trait, Folding.HashEnd((ulong)number)), FeatureKind.Trait)); }
        }
        found.Add((Slot(FeatureKind.Direction, Folding.HashEnd((ulong)message.Message.Direction + 1)), FeatureKind.Direction));
        Trait(all.Any(c => "!！".Contains(c)), 1);
        Trait(all.Any(c => "?？".Contains(c)), 2);
        Trait(all.Any(c => c is (>= '\u2600' and <= '\u27BF') or (>= '\uD83C' and <= '\uD83E')), 3);
        Trait(all.Contains("://", StringComparison.Ordinal) || all.Contains("www.", StringComparison.OrdinalIgnoreCase), 4);
        Trait(all.Any(c => "%％".Contains(c)), 5);
        Trait(all.Any(IsMoney), 6);
        Trait(true, 10 + (int)Math.Floor(Math.Log2(words + 1)));
        Trait(!string.IsNullOrEmpty(message.Message.Subject), 40);
        return found;
    }

    private static int AddPart(PreparedText text, List<(int, FeatureKind)> found)
    {
        var folded = text.Folded.ToString();
        var runs = new List<List<Token>> { new() };
        foreach (var token in text.Tokens)
        {
            if (text.ZoneAt(text.ToOriginal(token.Start, token.End).Start) == Zones.Authored) { runs[^1].Add(token); }
            else { runs.Add([]); }
        }
        foreach (var run in runs)
        {
            var hashes = run.Select(t => IsNumber(t) ? Folding.HashToken(NumberShape(folded, t)) : Folding.HashToken(Word(folded, t))).ToArray();
            for (var i = 0; i < run.Count; i++)
            {
                var kind = IsNumber(run[i]) ? FeatureKind.Number : FeatureKind.Word;
                found.Add((Slot(kind, hashes[i]), kind));
                if (i >= 1)
                {
                    found.Add((Slot(FeatureKind.WordPair, Pair(hashes[i - 1], hashes[i])), FeatureKind.WordPair));
                }
                if (i >= 2 && IsUnspaced(run[i - 1]) && IsUnspaced(run[i]) && run[i - 2].End == run[i - 1].Start && run[i - 1].End == run[i].Start)
                {
                    found.Add((Slot(FeatureKind.WordPair, Pair(Pair(hashes[i - 2], hashes[i - 1]), hashes[i])), FeatureKind.WordPair));
                }
                if (!IsNumber(run[i]) && !IsUnspaced(run[i]))
                {
                    var word = Word(folded, run[i]);
                    for (var length = 4; length <= Math.Min(6, word.Length); length++)
                    {
                        found.Add((Slot(FeatureKind.Stem, HashOfAll(word[..length])), FeatureKind.Stem));
                    }
                }
            }
        }
        foreach (var alternate in text.Alternates)
        {
            var first = text.Tokens[alternate.First];
            if (text.ZoneAt(text.ToOriginal(first.Start, first.End).Start) == Zones.Authored)
            {
                found.Add((Slot(FeatureKind.Word, alternate.Hash), FeatureKind.Word));
            }
        }
        return runs.Sum(run => run.Count);
    }

    private static string NumberShape(string folded, Token token)
    {
        var shape = System.Text.RegularExpressions.Regex.Replace(Word(folded, token), "[0-9]+", "0");
        if (token.Start > 0 && IsMoney(folded[token.Start - 1])) { shape = "$" + shape; }
        var rest = folded[token.End..];
        if (rest.StartsWith(' ') && rest.Length > 1) { rest = rest[1..]; }
        return rest.StartsWith('%') ? shape + "%" : rest.Length > 0 && IsMoney(rest[0]) ? shape + "$" : shape;
    }

    private static ulong HashOfAll(string characters) => Folding.HashEnd(characters.Aggregate(Folding.HashStart, Folding.HashStep));

    private static string Word(string folded, Token token) => folded[token.Start..token.End];

    private static bool IsNumber(Token token) => token.Flags.HasFlag(TokenFlags.Digits);

    private static bool IsUnspaced(Token token) => token.Flags.HasFlag(TokenFlags.Unspaced);

    private static bool IsMoney(char c) => "$£€¥₹₱".Contains(c);

    private static ulong Pair(ulong first, ulong second) => unchecked((3 * first + second) * 1099511628211UL);

    private static int Slot(FeatureKind kind, ulong hash)
    {
        var spread = (UInt128)unchecked(hash + (ulong)kind) * 0x9E3779B97F4A7C15;
        return (int)((ulong)(spread % ((UInt128)1 << 64)) / (1UL << 48));
    }
}
