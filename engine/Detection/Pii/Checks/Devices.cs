namespace Surveillance.Detection.Pii.Checks;

/// <summary>Rules of device, vehicle and bank codes.</summary>
internal static class Devices
{
    internal static readonly CheckEntry[] Entries =
    [
        new("vin", "check digit of the VIN", "49 CFR 565.15(c); ISO 3779 leaves it open", Vin),
        new("mac", "no broadcast, not all zero", "IEEE 802-2014, 8", static v => v is not ("000000000000" or "ffffffffffff")) { Confirms = false },
        new("bic-country", "country code", "ISO 9362; ISO 3166-1", static v => v.Length is 8 or 11 && Countries.Contains(v[4..6])) { Confirms = false },
        new("uuid", "not nil", "RFC 9562", static v => v.IndexOfAnyExcept(v[0]) >= 0) { Confirms = false },
    ];

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Countries = """
        ad ae af ag ai al am ao ar at au aw az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca cd cf cg ch ci ck cl cm cn co cr cu cv cw cy cz de dj dk dm do dz ec ee eg er es et fi fj fk fo fr
        ga gb gd ge gf gg gh gi gl gm gn gp gq gr gt gw gy hk hn hr ht hu id ie il im in iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mk ml mm mn mo
        mq mr ms mt mu mv mw mx my mz na nc ne ng ni nl no np nr nz om pa pe pf pg ph pk pl pr ps pt py qa re ro rs ru rw sa sb sc sd se sg sh si sk sl sm sn so sr ss st sv sx sy sz tc td tg th tj tl tm tn to tr
        tt tv tw tz ua ug us uy uz va vc ve vg vi vn vu wf ws xk ye yt za zm zw
        """.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    private static bool Vin(ReadOnlySpan<char> v)
    {
        ReadOnlySpan<int> weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
        ReadOnlySpan<int> letters = [1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 2, 3, 4, 5, 0, 7, 0, 9, 2, 3, 4, 5, 6, 7, 8, 9];
        if (v.Length != 17) { return false; }
        var sum = 0;
        for (var i = 0; i < 17; i++) { sum += weights[i] * (char.IsAsciiDigit(v[i]) ? v[i] - '0' : letters[v[i] - 'a']); }
        return "0123456789x"[sum % 11] == v[8];
    }
}
