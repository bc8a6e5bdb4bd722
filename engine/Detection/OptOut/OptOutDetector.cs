using System.Collections.Frozen;
using Surveillance.Messages;
using Surveillance.Text;

namespace Surveillance.Detection.OptOut;

/// <summary>The lists that an <see cref="OptOutDetector"/> goes by, each a lexicon of the rules folder.</summary>
/// <param name="Words">Whole messages: <c>stop</c>, <c>unsubscribe</c>, <c>退订</c>.</param>
/// <param name="Phrases">What says by itself that somebody opts out: <c>take me off your list</c>.</param>
/// <param name="Exceptions">What near by makes it something else: <c>stop loss</c>, <c>if I opt out</c>.</param>
/// <param name="Refusals">What refuses, together with one of <paramref name="Subjects"/>: <c>don't send</c>, <c>no more</c>.</param>
/// <param name="Subjects">What is refused: <c>promo*</c>, <c>sales calls</c>.</param>
public sealed record OptOutLists(
    IReadOnlyList<string> Words, IReadOnlyList<string> Phrases, IReadOnlyList<string> Exceptions,
    IReadOnlyList<string> Refusals, IReadOnlyList<string> Subjects)
{
    /// <summary>The ids of the five lexicons, in the order of the constructor.</summary>
    public static readonly IReadOnlyList<string> LexiconIds = ["opt-out-words", "opt-out-phrases", "opt-out-exceptions", "opt-out-refusals", "opt-out-subjects"];

    /// <summary>The lists out of the lexicons of a rule set.</summary>
    /// <param name="phrasesOf">Gives the phrases of a lexicon by its id, or null where it is not there; its list is then empty.</param>
    public static OptOutLists From(Func<string, IReadOnlyList<string>?> phrasesOf)
    {
        var lists = LexiconIds.Select(id => phrasesOf(id) ?? []).ToArray();
        return new OptOutLists(lists[0], lists[1], lists[2], lists[3], lists[4]);
    }
}

/// <summary>Finds opt-outs by lists: a whole message such as <c>STOP</c>, a phrase, or a refusal near what is refused, unless an exception stands near.</summary>
/// <remarks>
/// Reads what a client or an external person wrote to the firm, without quoted words. Allocates nothing; costs linear time.
/// Immutable; any number of threads may use one.
/// </remarks>
public sealed class OptOutDetector : IOptOutDetector
{
    private const int LongestWhole = 4;
    private const int LongestUnspacedWhole = 8;
    private const int RefusalToSubject = 8;
    private const int ExceptionWithin = 5;
    private const int LongestException = 8;

    /// <summary>What may stand around a whole message without changing it.</summary>
    private static readonly FrozenSet<ulong> Courtesies = new[]
    {
        "please", "pls", "plz", "thanks", "thank", "you", "thx", "ta", "cheers", "hi", "hello", "hey", "ok", "now", "bitte", "danke", "merci", "svp", "bonjour",
        "gracias", "hola", "obrigado", "obrigada", "oi", "grazie", "ciao", "谢", "请", "您", "好",
    }.Select(word => Folding.HashToken(word)).ToFrozenSet();

    private readonly FrozenSet<ulong> _words;
    private readonly PhraseSet _phrases;
    private readonly PhraseSet _exceptions;
    private readonly PhraseSet _refusals;
    private readonly PhraseSet _subjects;

    /// <summary>Makes a detector out of words, phrases and exceptions alone.</summary>
    /// <param name="words">Whole messages.</param>
    /// <param name="phrases">What says by itself that somebody opts out.</param>
    /// <param name="exceptions">What near by makes it something else.</param>
    public OptOutDetector(IReadOnlyList<string> words, IReadOnlyList<string> phrases, IReadOnlyList<string> exceptions)
        : this(new OptOutLists(words, phrases, exceptions, [], []))
    {
    }

    /// <summary>Makes a detector.</summary>
    /// <param name="lists">What it goes by. Phrases are folded like texts; <c>*</c> ends a word that may go on.</param>
    public OptOutDetector(OptOutLists lists)
    {
        var words = new HashSet<ulong>();
        foreach (var word in lists.Words)
        {
            if (WholeHash(PreparedText.Of(word)) is { } hash)
            {
                words.Add(hash);
            }
        }
        _words = words.ToFrozenSet();
        _phrases = new PhraseSet(lists.Phrases);
        _exceptions = new PhraseSet(lists.Exceptions);
        _refusals = new PhraseSet(lists.Refusals);
        _subjects = new PhraseSet(lists.Subjects);
    }

    /// <inheritdoc />
    public bool IsOptOut(PreparedMessage message)
    {
        if (message.Message.Direction != Direction.Inbound || message.Message.From.Role == Role.Employee)
        {
            return false;
        }
        var text = message.Text;
        if (text.Tokens.Length == 0)
        {
            return message.Message.Subject is { Length: > 0 } && message.Part("subject") is { } subject && IsWhole(subject);
        }
        return IsWhole(text) || HasPhrase(text);
    }

    private bool IsWhole(PreparedText text) => WholeHash(text) is { } hash && _words.Contains(hash);

    /// <summary>A hash of the words of a message of few words, without courtesies and repetitions; null when there are too many or none.</summary>
    private static ulong? WholeHash(PreparedText text)
    {
        var tokens = text.Tokens;
        ulong hash = 0, previous = 0;
        int spaced = 0, unspaced = 0;
        for (var i = 0; i < tokens.Length; i++)
        {
            if (!IsAuthored(text, i) || tokens[i].Hash == previous || Courtesies.Contains(tokens[i].Hash))
            {
                continue;
            }
            previous = tokens[i].Hash;
            hash = (hash + previous) * 0x9E3779B97F4A7C15;
            if ((tokens[i].Flags & TokenFlags.Unspaced) != 0) { unspaced++; }
            else { spaced++; }
            if (spaced > LongestWhole || unspaced > LongestUnspacedWhole)
            {
                return null;
            }
        }
        if (spaced + unspaced > 0)
        {
            return hash;
        }
        return null;
    }

    private bool HasPhrase(PreparedText text)
    {
        var tokens = text.Tokens;
        for (var i = 0; i < tokens.Length; i++)
        {
            if (!IsAuthored(text, i))
            {
                continue;
            }
            var last = _phrases.LastOfLongestAt(text, i);
            if (last >= 0 && !IsExcepted(text, i, last))
            {
                return true;
            }
            last = _refusals.LastOfLongestAt(text, i);
            if (last >= 0 && HasSubject(text, i, last))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Whether what is refused stands within reach of a refusal, in its sentence, with no exception near the two.</summary>
    private bool HasSubject(PreparedText text, int first, int last)
    {
        var reach = (text.Tokens[first].Flags & TokenFlags.Unspaced) != 0 ? 2 * RefusalToSubject : RefusalToSubject;
        var end = Math.Min(text.Tokens.Length - 1, last + reach);
        for (var i = Math.Max(0, first - reach); i <= end; i++)
        {
            if (i >= first && i <= last)
            {
                continue;
            }
            var lastOfSubject = _subjects.LastOfLongestAt(text, i);
            if (lastOfSubject >= 0 && IsAuthored(text, i) && text.SameSentence(i, first)
                && !IsExcepted(text, Math.Min(first, i), Math.Max(last, lastOfSubject)))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Whether an exception overlaps the tokens, or stands near them in their sentence.</summary>
    private bool IsExcepted(PreparedText text, int first, int last)
    {
        var end = Math.Min(text.Tokens.Length - 1, last + ExceptionWithin);
        for (var i = Math.Max(0, first - ExceptionWithin - LongestException); i <= end; i++)
        {
            var lastOfException = _exceptions.LastOfLongestAt(text, i);
            if (lastOfException < 0)
            {
                continue;
            }
            var overlaps = i <= last && lastOfException >= first;
            var isNear = lastOfException >= first - ExceptionWithin && text.SameSentence(Math.Min(i, first), Math.Max(lastOfException, last));
            if (overlaps || isNear)
            {
                return true;
            }
        }
        return false;
    }

    private static bool IsAuthored(PreparedText text, int token) =>
        text.ZoneSpans.Count == 1 || text.ZoneAt(text.ToOriginal(text.Tokens[token].Start, text.Tokens[token].End).Start) == Zones.Authored;
}
