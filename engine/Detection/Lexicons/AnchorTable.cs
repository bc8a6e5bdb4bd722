using System.Numerics;

namespace Surveillance.Detection.Lexicons;

/// <summary>From a 64-bit key to a list of numbers, with a bitmap in front that rules most keys out with one load.</summary>
/// <remarks>The bitmap may let a key through that is not there; it never holds one back. Immutable.</remarks>
internal sealed class AnchorTable
{
    private readonly ulong[] _bitmap;
    private readonly (ulong Key, int Start, int Count)[] _slots;
    private readonly int[] _values;
    private readonly ulong _bitMask;
    private readonly int _slotMask;

    /// <summary>A table.</summary>
    /// <param name="entries">Keys with their numbers; a key may come several times.</param>
    internal AnchorTable(IEnumerable<(ulong Key, int Value)> entries)
    {
        var groups = entries.GroupBy(e => e.Key, e => e.Value).Select(g => (g.Key, Values: g.ToArray())).ToArray();
        IsEmpty = groups.Length == 0;
        var bits = Math.Max(1024, (int)BitOperations.RoundUpToPowerOf2((uint)groups.Length * 16));
        var slots = Math.Max(16, (int)BitOperations.RoundUpToPowerOf2((uint)groups.Length * 2));
        _bitmap = new ulong[bits / 64];
        _bitMask = (ulong)bits - 1;
        _slots = new (ulong, int, int)[slots];
        _slotMask = slots - 1;
        _values = new int[groups.Sum(g => g.Values.Length)];
        var next = 0;
        foreach (var (key, values) in groups)
        {
            var bit = key & _bitMask;
            _bitmap[bit >> 6] |= 1UL << (int)(bit & 63);
            var slot = SlotOf(key);
            while (_slots[slot].Count > 0)
            {
                slot = (slot + 1) & _slotMask;
            }
            _slots[slot] = (key, next, values.Length);
            values.CopyTo(_values, next);
            next += values.Length;
        }
    }

    /// <summary>Whether there is nothing in it.</summary>
    internal bool IsEmpty { get; }

    /// <summary>False when the key is surely not there.</summary>
    internal bool MayHold(ulong key)
    {
        var bit = key & _bitMask;
        return (_bitmap[bit >> 6] >> (int)(bit & 63) & 1) != 0;
    }

    /// <summary>The numbers of a key; empty when it is not there.</summary>
    internal ReadOnlySpan<int> Find(ulong key)
    {
        for (var at = SlotOf(key); ; at = (at + 1) & _slotMask)
        {
            ref readonly var slot = ref _slots[at];
            if (slot.Key == key || slot.Count == 0)
            {
                return _values.AsSpan(slot.Start, slot.Count); // an empty slot has neither
            }
        }
    }

    private int SlotOf(ulong key) => (int)((key * 0x9E3779B97F4A7C15) >> 40) & _slotMask;
}
