namespace Surveillance.Detection.Lexicons;

/// <summary>A phrase at a place.</summary>
/// <param name="Phrase">Index of the phrase in the matcher's list.</param>
/// <param name="Part">The number that the caller gave the part.</param>
/// <param name="First">Index of its first token.</param>
/// <param name="Last">Index of its last token, itself included.</param>
public readonly record struct PhraseHit(int Phrase, int Part, int First, int Last) : IComparable<PhraseHit>
{
    /// <summary>Order by phrase, then part, then place.</summary>
    /// <param name="other">Another hit.</param>
    public int CompareTo(PhraseHit other)
    {
        var order = Phrase.CompareTo(other.Phrase);
        order = order != 0 ? order : Part.CompareTo(other.Part);
        order = order != 0 ? order : First.CompareTo(other.First);
        return order != 0 ? order : Last.CompareTo(other.Last);
    }

    /// <summary>Order by phrase, then part, then place.</summary>
    public static bool operator <(PhraseHit left, PhraseHit right) => left.CompareTo(right) < 0;

    /// <summary>Order by phrase, then part, then place.</summary>
    public static bool operator >(PhraseHit left, PhraseHit right) => left.CompareTo(right) > 0;

    /// <summary>Order by phrase, then part, then place.</summary>
    public static bool operator <=(PhraseHit left, PhraseHit right) => left.CompareTo(right) <= 0;

    /// <summary>Order by phrase, then part, then place.</summary>
    public static bool operator >=(PhraseHit left, PhraseHit right) => left.CompareTo(right) >= 0;
}

/// <summary>The hits of one message; keeps its buffers for the next. Used by one thread at a time.</summary>
public sealed class PhraseHits
{
    private PhraseHit[] _hits = [];
    private (int Phrase, int Start, int Count)[] _runs = [];
    private int _count, _runCount;

    /// <summary>The hits in order of phrase, part and place, each once; after <see cref="Sort"/>.</summary>
    public ReadOnlySpan<PhraseHit> All => _hits.AsSpan(0, _count);

    /// <summary>How many different phrases there are; after <see cref="Sort"/>.</summary>
    public int PhraseCount => _runCount;

    /// <summary>The phrase that comes <paramref name="index"/>th, in rising order; after <see cref="Sort"/>.</summary>
    /// <param name="index">0 to <see cref="PhraseCount"/> - 1.</param>
    public int PhraseAt(int index) => _runs[index].Phrase;

    /// <summary>The hits of the phrase that comes <paramref name="index"/>th; after <see cref="Sort"/>.</summary>
    /// <param name="index">0 to <see cref="PhraseCount"/> - 1.</param>
    public ReadOnlySpan<PhraseHit> HitsAt(int index) => _hits.AsSpan(_runs[index].Start, _runs[index].Count);

    /// <summary>Forgets everything.</summary>
    public void Clear() => _count = _runCount = 0;

    /// <summary>Adds a hit.</summary>
    /// <param name="hit">The hit.</param>
    public void Add(PhraseHit hit)
    {
        if (_count == _hits.Length)
        {
            Array.Resize(ref _hits, Math.Max(16, _count * 2));
        }
        _hits[_count++] = hit;
    }

    /// <summary>Puts the hits in order; to be called once after the last one.</summary>
    public void Sort()
    {
        _runCount = 0;
        if (_count > 1)
        {
            _hits.AsSpan(0, _count).Sort();
        }
        var kept = 0;
        for (var i = 0; i < _count; i++)
        {
            var hit = _hits[i];
            if (kept > 0 && _hits[kept - 1] == hit)
            {
                continue; // a word and another reading of it led to the same place
            }
            _hits[kept] = hit;
            if (_runCount == 0 || _runs[_runCount - 1].Phrase != hit.Phrase)
            {
                if (_runCount == _runs.Length)
                {
                    Array.Resize(ref _runs, Math.Max(16, _runCount * 2));
                }
                _runs[_runCount++] = (hit.Phrase, kept, 0);
            }
            _runs[_runCount - 1].Count++;
            kept++;
        }
        _count = kept;
    }
}
