using System.Collections.Frozen;
using Surveillance.Text;

namespace Surveillance.Detection.Pii.Readers;

/// <summary>Requests for data: <c>send me the card number and the three digits on the back</c>. What is asked for is marked as solicited.</summary>
internal static class Requests
{
    /// <summary>A request is no exposure: it stays below the default threshold.</summary>
    private const int Confidence = 40;
    private const int Reach = 10;

    private const int ReachBehind = 4;
    private const int ReachOfDenial = 3;
    private const int MostOfQuestion = 3;

    private const string Verbs = """
        send|text|give|tell|share|provide|confirm|forward|email|whatsapp|need|require|want|type|enter|supply|quote|resend|what's|whats|what|may|could|can|would|please|pls|drop|photo|picture
        |schick|schicken|schicke|senden|sende|nennen|nenne|gib|geben|brauche|brauchen|benötige|benötigen|bitte|teilen|mitteilen|wie|welche|können|kannst|könnten|könntest|sag|sagen|diktieren|durchgeben|foto
        |envoyez|envoie|envoyer|donnez|donne|donner|communiquez|communiquer|quel|quelle|veuillez|pouvez|peux|pourriez|besoin|envoyez-moi|envoie-moi|donne-moi|donnez-moi|indiquez|merci|dis|dites
        |envíe|envíeme|envía|envíame|enviar|mándeme|manda|mándame|mandar|dígame|dime|necesito|cuál|podría|puede|puedes|podrías|pásame|páseme|pasas|pasa|pasar|mandas|mandarme|facilitar|facilite|dame|deme|facilíteme|indíqueme|favor
        |envie|mande|informe|preciso|qual|pode|poderia|passe|passa|diga|envia|inviami|mandami|dammi|invia|mandi|inviare|può|puoi|potresti|potrebbe|quale|serve|stuur|geef|nodig|kunt|kun|graag|mag|welk|wat
        |skicka|skriv|ge|ger|ange|behöver|vad|sende|oplys|oplyse|skal|bruge|hvad|hva|oppgi|trenger|lähetä|kerro|anna|ilmoita|tarvitsen|mikä|pošlete|pošli|potřebuji|jaké|írd|küldje|kérem|mennyi|trimite|trebuie|στείλε|δώσε|στείλτε
        |wyślij|podaj|proszę|prześlij|potrzebuję|jaki|poproszę|podać|gönder|gönderin|gönderir|yaz|yazın|söyle|lazım|nedir|paylaşır|пришли|пришлите|скажи|скажите|отправь|отправьте|напишите|назовите|нужен|нужна|продиктуйте|какой
        |发我|发给我|告诉|提供|请|麻烦|需要|發我|告訴|教えて|送って|알려|보내|给我|发一下|发过来|報給|报给
        """;

    /// <summary>Verbs that stand behind what is asked for.</summary>
    private const string VerbsBehind = """
        please|pls|schicken|senden|mitteilen|nennen|durchgeben|geben|bitte|sagen|foto|svp|stp|plaît|favor|favore|gönderin|gönderir|gönder|yazın|söyler|lazım|nedir|paylaşın|alabilir
        |发我|发给我|告诉我|给我|发一下|发过来|發我|發給我|報給我|报给我|教えて|送って|ください|보내|보내줘|보내주세요|알려줘|알려주세요
        """;

    private static readonly FrozenSet<ulong> BehindHashes = Hashes(VerbsBehind);

    private static FrozenSet<ulong> Hashes(string verbs) => verbs.Split(['|', '\n', ' '], StringSplitOptions.RemoveEmptyEntries)
        .Select(v => Folding.HashToken(PreparedText.Of(v).Folded)).ToFrozenSet();

    private static readonly FrozenSet<ulong> VerbHashes = Hashes(Verbs);

    /// <summary>Adds what is asked for, where a request stands before it in its sentence, or shortly behind it.</summary>
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
            if (IsVerb(text, n, i, VerbHashes))
            {
                if (IsDenied(tokens, n)) { return; }
                scan.Add(tokens[i].Start, tokens[i + count - 1].End, type, Confidence, validated: false, form: Candidate.Request);
                return;
            }
        }
        if (IsShortQuestion(text, i, i + count))
        {
            scan.Add(tokens[i].Start, tokens[i + count - 1].End, type, Confidence, validated: false, form: Candidate.Request);
            return;
        }
        for (var n = i + count; n < tokens.Length && n - i - count < ReachBehind && text.SameSentence(n, i); n++)
        {
            if (IsVerb(text, n, tokens.Length, BehindHashes))
            {
                scan.Add(tokens[i].Start, tokens[i + count - 1].End, type, Confidence, validated: false, form: Candidate.Request);
                return;
            }
        }
    }

    /// <summary>Whether a question of a few words ends in what is asked for: <c>il tuo IBAN?</c></summary>
    private static bool IsShortQuestion(PreparedText text, int i, int after)
    {
        var end = text.Tokens[after - 1].End;
        var mark = end < text.Folded.Length && text.Folded[end] == ' ' ? end + 1 : end;
        if (mark >= text.Folded.Length || text.Folded[mark] != '?') { return false; }
        return i <= MostOfQuestion || !text.SameSentence(i - MostOfQuestion - 1, i);
    }

    /// <summary>Whether one of the words right before a verb denies it: <c>please do not send me your card number</c> is a warning.</summary>
    private static bool IsDenied(ReadOnlySpan<Token> tokens, int verb)
    {
        for (var n = verb - 1; n >= 0 && verb - n <= ReachOfDenial; n--)
        {
            if ((Words.GroupsOf(tokens[n].Hash) & WordGroup.Negation) != 0) { return true; }
        }
        return false;
    }

    private static bool IsVerb(PreparedText text, int n, int limit, FrozenSet<ulong> verbs)
    {
        var tokens = text.Tokens;
        if ((tokens[n].Flags & TokenFlags.Unspaced) == 0) { return verbs.Contains(tokens[n].Hash); }
        for (var length = 1; length <= 4 && n + length <= limit; length++)
        {
            if (verbs.Contains(Folding.HashToken(text.Folded[tokens[n].Start..tokens[n + length - 1].End]))) { return true; }
        }
        return false;
    }
}
