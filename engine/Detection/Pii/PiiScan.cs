using System.Buffers;
using Surveillance.Detection.Language;
using Surveillance.Detection.Pii.Readers;
using Surveillance.Messages;
using Surveillance.Text;

namespace Surveillance.Detection.Pii;

/// <summary>One pass over a folded text: stops at anchors only, hands each to the readers of its kind, and keeps what they find.</summary>
/// <remarks>
/// Nothing is read twice: clusters of digits are disjoint, and each kind of token remembers up to where it has looked, so that
/// any text costs linear time. Reused from text to text by one thread at a time; without a find it allocates nothing.
/// </remarks>
internal sealed class PiiScan
{
    /// <summary>Less than this is not even kept as another reading.</summary>
    internal const int LeastConfidence = 10;

    // Characters beyond ASCII make the search several times slower, so it looks for them only in texts that hold one.
    private const string AsciiAnchors = "0123456789@#:.[({<*";
    private static readonly SearchValues<char> Anchors = SearchValues.Create(AsciiAnchors);
    private static readonly SearchValues<char> AnchorsAndSigns = SearchValues.Create(AsciiAnchors + Masks.Signs);

    private const int NotAsked = -1;
    private const int FewestWords = 5;

    private static readonly PreparedText Nothing = PreparedText.Of("");

    private Candidate[] _candidates = new Candidate[16];
    private int _count;
    private int _firstSign;
    private int _lastSign;
    private CapturedMessage? _homeless;
    private int _language;
    private UInt128 _homes;
    private Surroundings _around;
    private int _aroundStart, _aroundEnd;

    /// <summary>The text that is read.</summary>
    internal PreparedText Text { get; private set; } = Nothing;

    /// <summary>What was found, in no order.</summary>
    internal Span<Candidate> Candidates => _candidates.AsSpan(0, _count);

    /// <summary>The countries whose telephone numbers the participants have; found when first asked for.</summary>
    internal UInt128 Homes
    {
        get
        {
            if (_homeless is { } message)
            {
                _homeless = null;
                _homes = PhonePlan.HomeOf(message.From.Address) | PhonePlan.HomeOf(message.Account);
                for (var i = 0; i < message.To.Count && i < 32; i++) { _homes |= PhonePlan.HomeOf(message.To[i].Address); }
            }
            return _homes;
        }
    }

    /// <summary>Whether somebody outside the firm wrote the message.</summary>
    internal bool IsFromOutside { get; private set; }

    /// <summary>Which types are looked for, by index.</summary>
    internal bool[] Enabled { get; private set; } = [];

    /// <summary>The language of the text, see <see cref="WordLanguage"/>; found when first asked for.</summary>
    internal byte Language
    {
        get
        {
            if (_language == NotAsked)
            {
                _language = !HasWords(FewestWords) ? WordLanguage.Unknown
                    : WordLanguage.Of(LanguageGuesser.Guess(Text, all: true));
            }
            return (byte)_language;
        }
    }

    /// <summary>Whether the text has so many words: in a shorter one the word in question would tell the language by itself.</summary>
    private bool HasWords(int fewest)
    {
        foreach (var token in Text.Tokens)
        {
            if ((token.Flags & (TokenFlags.Letters | TokenFlags.Digits)) == TokenFlags.Letters && --fewest == 0) { return true; }
        }
        return false;
    }

    /// <summary>The character as captured that became a folded one.</summary>
    /// <param name="offset">Folded offset.</param>
    internal char OriginalAt(int offset) => Text.Original[Text.ToOriginal(offset, offset + 1).Start];

    /// <summary>The context words around a stretch of the text.</summary>
    /// <param name="start">Folded offset of its first unit.</param>
    /// <param name="end">Folded offset after its last unit.</param>
    internal Surroundings SurroundingsOf(int start, int end)
    {
        if (start != _aroundStart || end != _aroundEnd)
        {
            (_around, _aroundStart, _aroundEnd) = (Surroundings.Around(Text, Language, start, end), start, end);
        }
        return _around;
    }

    /// <summary>Begins with another message.</summary>
    /// <param name="message">The message whose parts will be read.</param>
    /// <param name="enabled">Which types are looked for, by index.</param>
    internal void Begin(PreparedMessage message, bool[] enabled)
    {
        Enabled = enabled;
        IsFromOutside = message.Message.From.Role != Role.Employee;
        _homeless = message.Message;
        _homes = 0;
    }

    /// <summary>Lets go of the message and its text.</summary>
    internal void End()
    {
        _homeless = null;
        Text = Nothing;
        _count = 0;
    }

    /// <summary>Keeps a candidate.</summary>
    /// <param name="start">Folded offset of the first unit.</param>
    /// <param name="end">Folded offset after the last unit.</param>
    /// <param name="type">Index of the type.</param>
    /// <param name="confidence">In hundredths; what is above 99 counts as 99.</param>
    /// <param name="validated">Whether a checksum or numbering plan confirms it.</param>
    /// <param name="masked">Whether some characters are hidden.</param>
    /// <param name="form">Number of the written form, or -1.</param>
    internal void Add(int start, int end, int type, int confidence, bool validated, bool masked = false, int form = -1)
    {
        if (confidence < LeastConfidence || !Enabled[type]) { return; }
        if (_count == _candidates.Length) { Array.Resize(ref _candidates, _count * 2); }
        _candidates[_count++] = new Candidate(start, end, type, Math.Min(99, confidence), validated, masked, form);
    }

    /// <summary>The words around a stretch of the text.</summary>
    /// <param name="start">Folded offset of its first unit.</param>
    /// <param name="end">Folded offset after its last unit.</param>
    /// <param name="asked">The groups that count.</param>
    /// <param name="also">Groups that do not make a word the nearest one.</param>
    internal Context ContextOf(int start, int end, WordGroup asked, WordGroup also = WordGroup.None) => Context.Around(Text, Language, start, end, asked, also);

    /// <summary>Whether a stretch is all there is but for blanks and a full stop.</summary>
    /// <param name="start">Folded offset of its first unit.</param>
    /// <param name="end">Folded offset after its last unit.</param>
    internal bool IsWhole(int start, int end) => start <= _firstSign && end > _lastSign;

    /// <summary>Whether a character of a script without blanks stands right beside a stretch, but for signs.</summary>
    /// <param name="start">Folded offset of its first unit.</param>
    /// <param name="end">Folded offset after its last unit.</param>
    internal bool IsAmongUnspaced(int start, int end)
    {
        var folded = Text.Folded;
        for (var i = start - 1; i >= 0 && start - i < 16; i--)
        {
            if (Folding.IsUnspaced(folded[i])) { return true; }
            if (char.IsLetter(folded[i])) { break; }
        }
        for (var i = end; i < folded.Length && i - end < 4; i++)
        {
            if (Folding.IsUnspaced(folded[i])) { return true; }
        }
        return false;
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text.</param>
    internal void Read(PreparedText text)
    {
        Text = text;
        _count = 0;
        _language = NotAsked;
        (_aroundStart, _aroundEnd) = (-1, -1);
        var folded = text.Folded;
        _firstSign = folded.IndexOfAnyExcept(' ', '\n');
        _lastSign = folded.LastIndexOfAnyExcept(' ', '\n', '.');
        var anchors = folded.ContainsAny(Masks.WideSigns) ? AnchorsAndSigns : Anchors;
        int hostsRead = 0, colonsRead = 0, masksRead = 0;
        for (var i = 0; ;)
        {
            var next = folded[i..].IndexOfAny(anchors);
            if (next < 0) { break; }
            i += next;
            switch (folded[i])
            {
                case >= '0' and <= '9':
                    i = ReadNumber(i, ref masksRead);
                    break;
                case '@':
                    Emails.Read(this, i);
                    Tags.Read(this, i);
                    i++;
                    break;
                case '#':
                    Tags.Read(this, i);
                    i++;
                    break;
                case '.':
                    if (i >= hostsRead && i > 0 && i + 1 < folded.Length && IsPlain(folded[i - 1]) && IsPlain(folded[i + 1]))
                    {
                        hostsRead = Urls.ReadHost(this, i, hostsRead);
                    }
                    i++;
                    break;
                case ':':
                    if (i + 2 < folded.Length && folded[i + 1] == '/' && folded[i + 2] == '/')
                    {
                        var end = Urls.ReadScheme(this, i);
                        if (end >= 0)
                        {
                            hostsRead = Math.Max(hostsRead, end);
                            colonsRead = Math.Max(colonsRead, end);
                            i = end;
                            break;
                        }
                        i += 3;
                        break;
                    }
                    if (i >= colonsRead && i + 1 < folded.Length && (folded[i + 1] == ':' || (i > 0 && IsPlain(folded[i - 1]) && IsPlain(folded[i + 1]))))
                    {
                        colonsRead = IpAddresses.ReadV6(this, i);
                    }
                    i++;
                    break;
                case '[' or '(' or '{' or '<':
                    if (i + 2 < folded.Length && folded[i + 1] is 'a' or ' ' or '@') { Emails.ReadSpelt(this, i); }
                    i++;
                    break;
                default:
                    if (i >= masksRead && i + 1 < folded.Length)
                    {
                        masksRead = Masks.Read(this, i, masksRead);
                        i = Math.Max(i + 1, masksRead);
                    }
                    else
                    {
                        i++;
                    }
                    break;
            }
        }
        for (var i = 0; ;)
        {
            var next = folded[i..].IndexOf(" dot ");
            if (next < 0) { break; }
            Emails.ReadWords(this, i + next);
            i += next + 4;
        }
        FormReader.Find(this);
        WordReader.Find(this);
    }

    /// <summary>Reads the digits at an offset; gives the offset after them.</summary>
    private int ReadNumber(int at, ref int masksRead)
    {
        var folded = Text.Folded;
        if (at >= 2 && (char.IsAsciiLetter(folded[at - 1]) || (folded[at - 1] == ' ' && char.IsAsciiLetter(folded[at - 2]))))
        {
            var end = Ibans.Read(this, at);
            if (end >= 0) { return end; }
        }
        var before = at > 0 ? folded[at - 1] : ' ';
        if (at >= masksRead && before is 'x' or '-' or ' ' && at >= 4 && folded[at - 2] == 'x' && folded[at - 3] == 'x' && (folded[at - 4] == 'x' || (at >= 7 && folded[at - 4] == before && folded[(at - 7)..(at - 4)].SequenceEqual("xxx"))))
        {
            masksRead = Masks.Read(this, at - 2, masksRead);
        }
        if (NumberCluster.Sticks(before))
        {
            var end = at;
            while (end < folded.Length && char.IsAsciiLetterOrDigit(folded[end])) { end++; }
            return end;
        }
        Span<DigitGroup> buffer = stackalloc DigitGroup[NumberCluster.MostGroups];
        var cluster = NumberCluster.Read(Text, at, buffer);
        if (cluster.Groups.Length >= 4) { IpAddresses.FindV4(this, cluster); }
        if (cluster.Digits >= 6)
        {
            DigitReader.Find(this, cluster);
            Phones.Find(this, cluster);
        }
        var after = cluster.End;
        if (after + 3 < folded.Length && folded[after] == 'x' && folded[after + 1] == 'x' && folded[after + 2] == 'x' && after >= masksRead)
        {
            masksRead = Masks.Read(this, after, masksRead);
            after = Math.Max(after, masksRead);
        }
        return after;
    }

    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c);
}
