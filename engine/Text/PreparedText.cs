using System.Buffers;

namespace Surveillance.Text;

/// <summary>What a token is made of. Values combine as a set.</summary>
[Flags]
public enum TokenFlags : byte
{
    /// <summary>Letters only.</summary>
    None = 0,
    /// <summary>Holds a digit.</summary>
    Digits = 1,
    /// <summary>Holds a letter.</summary>
    Letters = 2,
    /// <summary>One character of a script written without blanks.</summary>
    Unspaced = 4,
    /// <summary>The first token of a line.</summary>
    LineStart = 8,
}

/// <summary>A word, a number, or one character of a script written without blanks.</summary>
/// <param name="Start">Offset of the first unit in <see cref="PreparedText.Folded"/>.</param>
/// <param name="End">Offset after the last unit in <see cref="PreparedText.Folded"/>.</param>
/// <param name="Hash"><see cref="Folding.HashToken"/> of its characters.</param>
/// <param name="Flags">What it is made of.</param>
public readonly record struct Token(int Start, int End, ulong Hash, TokenFlags Flags);

/// <summary>Another reading of some tokens: a word spelt with signs (<c>wh@tsapp</c>) or spaced out (<c>w h a t s a p p</c>).</summary>
/// <param name="First">Index of the first token it covers.</param>
/// <param name="Count">How many tokens it covers, at least 1.</param>
/// <param name="Hash"><see cref="Folding.HashToken"/> of the word as read.</param>
public readonly record struct AlternateToken(int First, int Count, ulong Hash);

/// <summary>A text folded and cut into tokens once, for lexicons, rules, classifiers and PII gates alike.</summary>
/// <remarks>
/// Not thread-safe while <see cref="Reset"/> runs; afterwards any number of threads may read it. An instance keeps its
/// buffers, so that preparing the next text allocates nothing; <see cref="Rent"/> and <see cref="Return"/> share instances.
/// Costs linear time in the text.
/// </remarks>
public sealed class PreparedText
{
    private const int MostPooled = 1024;
    private static readonly System.Collections.Concurrent.ConcurrentBag<PreparedText> Pool = [];
    private static int s_pooled; // Pool.Count would lock every thread's share of it
    private static readonly SearchValues<char> LeetSigns = SearchValues.Create("@$!|€013457");

    private char[] _folded = [];
    private int[] _starts = [];
    private int[] _ends = [];
    private Token[] _tokens = [];
    private AlternateToken[] _alternates = [];
    private int _length, _tokenCount, _alternateCount;
    private bool _sameOffsets;
    private ZonedSpan[]? _zones;

    /// <summary>The text as captured.</summary>
    public string Original { get; private set; } = "";

    /// <summary>The folded text: lower case, plain letters and digits, no accents, no invisible characters; line breaks stay.</summary>
    public ReadOnlySpan<char> Folded => _folded.AsSpan(0, _length);

    /// <summary>The tokens in order; they never overlap.</summary>
    public ReadOnlySpan<Token> Tokens => _tokens.AsSpan(0, _tokenCount);

    /// <summary>Other readings of tokens, ordered by their first token.</summary>
    public ReadOnlySpan<AlternateToken> Alternates => _alternates.AsSpan(0, _alternateCount);

    /// <summary>The zones in order, without gaps, covering the whole text; empty for an empty text.</summary>
    public IReadOnlyList<ZonedSpan> ZoneSpans => _zones ??= ZoneFinder.Find(Original);

    /// <summary>Prepares a text in a new instance.</summary>
    /// <param name="text">Any text.</param>
    public static PreparedText Of(string text)
    {
        var prepared = new PreparedText();
        prepared.Reset(text);
        return prepared;
    }

    /// <summary>Prepares a text in an instance that may have served before.</summary>
    /// <param name="text">Any text.</param>
    public static PreparedText Rent(string text)
    {
        if (Pool.TryTake(out var prepared))
        {
            Interlocked.Decrement(ref s_pooled);
        }
        else
        {
            prepared = new PreparedText();
        }
        prepared.Reset(text);
        return prepared;
    }

    /// <summary>Gives an instance back for the next text. The caller must not touch it again.</summary>
    /// <param name="prepared">One that nobody reads any more.</param>
    public static void Return(PreparedText prepared)
    {
        if (prepared._folded.Length <= 65536 && Volatile.Read(ref s_pooled) < MostPooled)
        {
            Interlocked.Increment(ref s_pooled);
            Pool.Add(prepared);
        }
    }

    /// <summary>Prepares another text in this instance.</summary>
    /// <param name="text">Any text.</param>
    public void Reset(string text)
    {
        Original = text;
        _zones = null;
        Fold(text);
        Tokenise();
        FindAlternates();
    }

    /// <summary>The span in the text as captured of a stretch of <see cref="Folded"/>. Marks on the last character belong to it; invisible characters at either end do not.</summary>
    /// <param name="foldedStart">Offset of the first unit, 0 to the length.</param>
    /// <param name="foldedEnd">Offset after the last unit, at least <paramref name="foldedStart"/>.</param>
    public TextSpan ToOriginal(int foldedStart, int foldedEnd)
    {
        if (_sameOffsets)
        {
            return new TextSpan(foldedStart, foldedEnd);
        }
        if (foldedStart >= foldedEnd)
        {
            var at = foldedStart < _length ? _starts[foldedStart] : Original.Length;
            return new TextSpan(at, at);
        }
        return new TextSpan(_starts[foldedStart], _ends[foldedEnd - 1]);
    }

    /// <summary>The span in the text as captured of some tokens.</summary>
    /// <param name="first">Index of the first token.</param>
    /// <param name="last">Index of the last token, itself included.</param>
    public TextSpan SpanOfTokens(int first, int last) => ToOriginal(_tokens[first].Start, _tokens[last].End);

    /// <summary>The zone at a place.</summary>
    /// <param name="offset">UTF-16 offset into the text as captured; past the end counts as the last unit.</param>
    public Zones ZoneAt(int offset)
    {
        var zones = (ZonedSpan[])ZoneSpans;
        if (zones.Length <= 1)
        {
            return zones.Length == 0 ? Zones.Authored : zones[0].Zone;
        }
        int low = 0, high = zones.Length - 1;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (zones[middle].Span.End <= offset) { low = middle + 1; }
            else { high = middle; }
        }
        return zones[low].Zone;
    }

    /// <summary>Whether no sentence ends between two tokens.</summary>
    /// <param name="tokenA">Index of one token.</param>
    /// <param name="tokenB">Index of the other.</param>
    public bool SameSentence(int tokenA, int tokenB)
    {
        if (tokenA > tokenB)
        {
            (tokenA, tokenB) = (tokenB, tokenA);
        }
        if (tokenA == tokenB)
        {
            return true;
        }
        var between = Folded[_tokens[tokenA].End.._tokens[tokenB].Start];
        for (var i = between.IndexOfAny(SentenceEnds); i >= 0 && i < between.Length; i++)
        {
            switch (between[i])
            {
                case '\n' or '!' or '?' or '。' or '！' or '？':
                    return false;
                case '.' when i + 1 < between.Length && between[i + 1] is ' ' or '\n' or '"' or ')':
                    return false;
            }
        }
        return true;
    }

    private static readonly SearchValues<char> SentenceEnds = SearchValues.Create(".\n!?。！？");

    /// <summary>The characters of which folding changes the letter case at most: printable ASCII and the line break.</summary>
    private static readonly SearchValues<char> FoldedByCase = SearchValues.Create(['\n', .. Enumerable.Range(' ', '\x7F' - ' ').Select(c => (char)c)]);

    private void Fold(string text)
    {
        if (_folded.Length < text.Length)
        {
            _folded = new char[Math.Max(256, text.Length * 3 / 2)];
        }
        if (!text.AsSpan().ContainsAnyExcept(FoldedByCase))
        {
            System.Text.Ascii.ToLower(text, _folded, out _);
            _length = text.Length;
            _sameOffsets = true;
            return;
        }
        FoldSlowly(text);
    }

    private void FoldSlowly(string text)
    {
        var need = text.Length * 3; // no character becomes more than three
        if (_folded.Length < need) { _folded = new char[need]; }
        if (_starts.Length < _folded.Length)
        {
            _starts = new int[_folded.Length];
            _ends = new int[_folded.Length];
        }
        var map = Folding.Map;
        var n = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var folded = map[c];
            switch (folded)
            {
                case Folding.Dropped:
                    if (Folding.IsMark(c) && n > 0 && _ends[n - 1] == i)
                    {
                        _ends[n - 1] = i + 1;
                    }
                    continue;
                case Folding.Several:
                    foreach (var part in Folding.SeveralOf[c])
                    {
                        Put(part, i, i + 1);
                    }
                    continue;
            }
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                var plain = Folding.Plain(char.ConvertToUtf32(c, text[i + 1]));
                if (plain != '\0')
                {
                    Put(plain, i, i + 2);
                }
                else
                {
                    Put(c, i, i + 2);
                    Put(text[i + 1], i, i + 2);
                }
                i++;
                continue;
            }
            Put(folded, i, i + 1);
        }
        _length = n;
        _sameOffsets = false;

        void Put(char folded, int start, int end)
        {
            _folded[n] = folded;
            _starts[n] = start;
            _ends[n] = end;
            n++;
        }
    }

    private void Tokenise()
    {
        var text = _folded;
        var length = _length;
        var count = 0;
        var lineStart = true;
        for (var i = 0; i < length;)
        {
            var c = text[i];
            if (!IsWordCharacter(c))
            {
                lineStart |= c == '\n';
                i++;
                continue;
            }
            var start = i;
            var flags = lineStart ? TokenFlags.LineStart : TokenFlags.None;
            lineStart = false;
            var hash = Folding.HashStart;
            if (Folding.IsUnspaced(c))
            {
                hash = Folding.HashStep(hash, c);
                flags |= TokenFlags.Unspaced | TokenFlags.Letters;
                i++;
            }
            else
            {
                bool latin = false, foreign = false;
                do
                {
                    if (c == '\'')
                    {
                        if (i + 1 >= length || !IsWordCharacter(text[i + 1]) || Folding.IsUnspaced(text[i + 1])) { break; }
                    }
                    else
                    {
                        flags |= c is >= '0' and <= '9' ? TokenFlags.Digits : TokenFlags.Letters;
                        latin |= c is >= 'a' and <= 'z';
                        foreign |= c is >= '\u0370' and <= '\u052F';
                        hash = Folding.HashStep(hash, c);
                    }
                    i++;
                    c = i < length ? text[i] : ' ';
                }
                while (c == '\'' || (IsWordCharacter(c) && !Folding.IsUnspaced(c)));
                if (latin && foreign)
                {
                    hash = Folding.HashStart;
                    for (var j = start; j < i; j++)
                    {
                        text[j] = Folding.Lookalike(text[j]);
                        if (text[j] != '\'') { hash = Folding.HashStep(hash, text[j]); }
                    }
                }
            }
            if (count == _tokens.Length)
            {
                Array.Resize(ref _tokens, Math.Max(64, count * 2));
            }
            _tokens[count++] = new Token(start, i, Folding.HashEnd(hash), flags);
        }
        _tokenCount = count;
    }

    /// <summary>Letters, digits, and the marks without which the words of Devanagari, Thai or Arabic fall to pieces.</summary>
    private static bool IsWordCharacter(char c) =>
        c < 128 ? char.IsAsciiLetterOrDigit(c) : char.GetUnicodeCategory(c) is <= System.Globalization.UnicodeCategory.SpacingCombiningMark or System.Globalization.UnicodeCategory.DecimalDigitNumber;

    private void FindAlternates()
    {
        _alternateCount = 0;
        if (Folded.ContainsAny(LeetSigns))
        {
            FindLeet();
        }
        FindSpacedOut();
        if (_alternateCount > 1)
        {
            _alternates.AsSpan(0, _alternateCount).Sort(static (a, b) => a.First.CompareTo(b.First));
        }
    }

    /// <summary>Words written with digits or signs for letters, joined over the signs: at least three letters and one sign or digit between letters.</summary>
    private void FindLeet()
    {
        var tokens = Tokens;
        Span<char> word = stackalloc char[40];
        for (var first = 0; first < tokens.Length; first++)
        {
            var last = first;
            while (last + 1 < tokens.Length && tokens[last + 1].Start == tokens[last].End + 1 && _folded[tokens[last].End] is '@' or '$' or '!' or '|' or '€')
            {
                last++;
            }
            var start = tokens[first].Start;
            var end = tokens[last].End;
            if (start > 0 && _folded[start - 1] is '@' or '$' && (start < 2 || !IsWordCharacter(_folded[start - 2])))
            {
                start--; // a sign in front stands for a letter too: @ll, $ave
            }
            if (end < _length && _folded[end] is '@' or '$' && (end + 1 == _length || !IsWordCharacter(_folded[end + 1])))
            {
                end++;
            }
            var length = end - start;
            if (length is >= 3 and <= 40)
            {
                int letters = 0, changed = 0;
                for (var i = 0; i < length; i++)
                {
                    var c = _folded[start + i];
                    word[i] = Folding.Unleet(c);
                    if (word[i] != c) { changed++; }
                    else if (char.IsLetter(c)) { letters++; }
                }
                if (changed > 0 && letters >= 2)
                {
                    AddAlternate(first, last - first + 1, Folding.HashToken(word[..length]));
                }
            }
            first = last;
        }
    }

    /// <summary>Four or more single letters with one and the same character between them.</summary>
    private void FindSpacedOut()
    {
        var tokens = Tokens;
        for (var first = 0; first + 3 < tokens.Length; first++)
        {
            if (!IsSingleLetter(tokens[first]) || tokens[first + 1].Start != tokens[first].End + 1)
            {
                continue;
            }
            var separator = _folded[tokens[first].End];
            var last = first;
            var hash = Folding.HashStep(Folding.HashStart, _folded[tokens[first].Start]);
            while (last + 1 < tokens.Length && last - first < 40 && IsSingleLetter(tokens[last + 1])
                && tokens[last + 1].Start == tokens[last].End + 1 && _folded[tokens[last].End] == separator)
            {
                last++;
                hash = Folding.HashStep(hash, _folded[tokens[last].Start]);
            }
            if (last - first >= 3)
            {
                AddAlternate(first, last - first + 1, Folding.HashEnd(hash));
            }
            first = last;
        }
    }

    private static bool IsSingleLetter(Token token) => token.End - token.Start == 1 && (token.Flags & (TokenFlags.Digits | TokenFlags.Unspaced)) == 0;

    private void AddAlternate(int first, int count, ulong hash)
    {
        if (_alternateCount == _alternates.Length)
        {
            Array.Resize(ref _alternates, Math.Max(8, _alternateCount * 2));
        }
        _alternates[_alternateCount++] = new AlternateToken(first, count, hash);
    }
}
