using System.Collections.Frozen;
using Surveillance.Text;

namespace Surveillance.Detection.Pii.Readers;

/// <summary>Requests for data: <c>send me the card number and the three digits on the back</c>. What is asked for is marked as solicited.</summary>
internal static class Requests
{
    /// <summary>A request is no exposure: it stays below the default threshold.</summary>
    private const int Confidence = 40;
    private const int Reach = 10;

    private const string Verbs = """
        send|text|give|tell|share|provide|confirm|forward|email|whatsapp|need|require|want|type|enter|supply|quote|resend|what's|whats|what|may|could|can|would|please|pls|drop|message
        |schick|schicken|schicke|senden|sende|nennen|nenne|gib|geben|brauche|brauchen|benötige|benötigen|bitte|teilen|mitteilen|wie|welche
        |envoyez|envoie|envoyer|donnez|donne|communiquez|quel|quelle|veuillez|pouvez|besoin
        |envíe|envíeme|envía|envíame|mándeme|manda|mándame|dígame|dime|necesito|cuál|podría|puede
        |envie|mande|informe|preciso|qual|pode|inviami|mandami|dammi|stuur|geef|nodig
        |发我|发给我|告诉|提供|请|麻烦|需要|發我|告訴|教えて|送って|알려|보내
        """;

    private static readonly FrozenSet<ulong> VerbHashes = Verbs.Split(['|', '\n', ' '], StringSplitOptions.RemoveEmptyEntries)
        .Select(v => Folding.HashToken(PreparedText.Of(v).Folded)).ToFrozenSet();

    /// <summary>Adds what is asked for, where a request stands before it in its sentence.</summary>
    /// <param name="scan">Where it goes.</param>
    /// <param name="i">Index of the first token of what is asked for.</param>
    /// <param name="count">How many tokens it has.</param>
    /// <param name="type">Index of the type.</param>
    internal static void Read(PiiScan scan, int i, int count, int type)
    {
        var text = scan.Text;
        var tokens = text.Tokens;
        for (var n = i - 1; n >= 0 && i - n <= Reach && text.SameSentence(n, i); n--)
        {
            if (IsVerb(text, n, i))
            {
                scan.Add(tokens[i].Start, tokens[i + count - 1].End, type, Confidence, validated: false, form: Candidate.Request);
                return;
            }
        }
    }

    private static bool IsVerb(PreparedText text, int n, int limit)
    {
        var tokens = text.Tokens;
        if ((tokens[n].Flags & TokenFlags.Unspaced) == 0) { return VerbHashes.Contains(tokens[n].Hash); }
        for (var length = 1; length <= 3 && n + length <= limit; length++)
        {
            if (VerbHashes.Contains(Folding.HashToken(text.Folded[tokens[n].Start..tokens[n + length - 1].End]))) { return true; }
        }
        return false;
    }
}
