namespace Surveillance.Detection.Pii;

/// <summary>A set of PII types by their index, up to <see cref="Most"/>.</summary>
internal readonly record struct TypeSet
{
    /// <summary>So many types can be told apart.</summary>
    internal const int Most = 320;

    private readonly ulong _a, _b, _c, _d, _e;

    private TypeSet(ulong a, ulong b, ulong c, ulong d, ulong e) => (_a, _b, _c, _d, _e) = (a, b, c, d, e);

    /// <summary>The set of one type.</summary>
    /// <param name="type">Its index.</param>
    internal static TypeSet Of(int type)
    {
        var bit = 1UL << (type & 63);
        return (type >> 6) switch
        {
            0 => new(bit, 0, 0, 0, 0),
            1 => new(0, bit, 0, 0, 0),
            2 => new(0, 0, bit, 0, 0),
            3 => new(0, 0, 0, bit, 0),
            4 => new(0, 0, 0, 0, bit),
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, $"There are at most {Most} types."),
        };
    }

    /// <summary>Whether a type is in it.</summary>
    /// <param name="type">Its index.</param>
    internal bool Has(int type) => ((type >> 6) switch { 0 => _a, 1 => _b, 2 => _c, 3 => _d, _ => _e } >> (type & 63) & 1) != 0;

    /// <summary>Whether nothing is in it.</summary>
    internal bool IsEmpty => (_a | _b | _c | _d | _e) == 0;

    public static TypeSet operator -(TypeSet x, TypeSet y) => new(x._a & ~y._a, x._b & ~y._b, x._c & ~y._c, x._d & ~y._d, x._e & ~y._e);

    public static TypeSet operator |(TypeSet x, TypeSet y) => new(x._a | y._a, x._b | y._b, x._c | y._c, x._d | y._d, x._e | y._e);
}
