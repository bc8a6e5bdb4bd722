using System.Collections.Frozen;

namespace Surveillance.Detection.Pii.Readers;

/// <summary>How much a top-level domain says that the words before it are a host.</summary>
internal enum TopLevel
{
    /// <summary>Not a top-level domain that is listed here.</summary>
    Unknown,
    /// <summary>One that is a common word or a file name extension as well.</summary>
    Ambiguous,
    /// <summary>A country's, or another that is hardly anything else.</summary>
    Likely,
    /// <summary>One that everybody takes for a domain.</summary>
    Sure,
}

/// <summary>The top-level domains that mail and chat name (IANA root zone, a selection of the generic ones).</summary>
internal static class TopLevelDomains
{
    private const string Sure = "com org net edu gov mil int info biz";

    private const string Likely = """
        de fr uk nl ch eu ca cn jp br au nz se dk fi cz kr hk sg tw ru ua pt gr tr hu ro ie mx ar cl za ae lu co io xyz online tech gmbh berlin paris london
        amsterdam nyc tokyo vlaanderen brussels wien hamburg koeln asia mobi museum aero coop arpa wiki
        """;

    /// <summary>Countries that few name, which a forgotten blank hits as easily, and words.</summary>
    private const string Ambiguous = """
        ac ad af ag ai al ao aq aw ax az ba bb bd bf bg bh bi bj bm bn bo bs bt bv bw by bz cd cf cg ci ck cm cr cu cv cw cx cy dj dm dz ec ee eg er et fj fk
        fm fo ga gb gd ge gf gg gh gi gl gm gn gp gq gs gt gu gw gy hm hn hr ht il im iq ir je jm jo ke kg kh ki km kn kp kw ky kz lb lc li lk lr ls lt lv ly
        ma mc mg mh mk mm mn mo mp mq mr ms mt mu mv mw mz na nc ne nf ng ni np nr nu om pa pe pf pg ph pk pn pr pw qa rw sa sb sc sd si sj sk sl sm sn sr ss
        st su sv sx sy sz tc td tf tg th tj tk tl tm tn tt tz ug uy uz va vc ve vg vi vn vu wf ws ye yt zm zw
        am an as at be cc do es id in is it la me ml my no pl pm ps py rs re sh so to tv us md mov zip news live world life today one love work cool run ltd
        inc plus team media studio design house land city center company support network games fun rocks social zone tel site shop store app dev cloud blog
        agency digital capital finance bank fund exchange solutions systems services consulting global group international cat jobs travel name pro xxx chat
        email website page link click top club vip space law legal insurance credit loan loans trade trading invest investments accountants tax realty
        properties estate restaurant hotel health care dental clinic school academy university
        """;

    /// <summary>Reserved or private (RFC 2606, RFC 6762): no host, but the end of an address all the same.</summary>
    private const string Reserved = "local localdomain internal intranet corp lan home test example invalid localhost";

    private static readonly FrozenDictionary<string, TopLevel> Table = Build();
    private static readonly FrozenDictionary<string, TopLevel>.AlternateLookup<ReadOnlySpan<char>> Lookup = Table.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> ReservedLookup = Reserved.Split(' ').ToFrozenSet().GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>What the last label of a host is.</summary>
    /// <param name="label">Folded, without dots.</param>
    internal static TopLevel Of(ReadOnlySpan<char> label) =>
        Lookup.TryGetValue(label, out var level) ? level : label.StartsWith("xn--") ? TopLevel.Likely : TopLevel.Unknown;

    /// <summary>Whether an address may end in it.</summary>
    /// <param name="label">Folded, without dots.</param>
    internal static bool EndsAddress(ReadOnlySpan<char> label) => Of(label) != TopLevel.Unknown || ReservedLookup.Contains(label);

    private static FrozenDictionary<string, TopLevel> Build()
    {
        var table = new Dictionary<string, TopLevel>();
        foreach (var (level, list) in new[] { (TopLevel.Sure, Sure), (TopLevel.Ambiguous, Ambiguous), (TopLevel.Likely, Likely) })
        {
            foreach (var name in list.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)) { table.TryAdd(name, level); }
        }
        return table.ToFrozenDictionary();
    }
}
