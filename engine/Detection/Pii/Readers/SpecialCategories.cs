using System.Collections.Frozen;
using Surveillance.Text;

namespace Surveillance.Detection.Pii.Readers;

/// <summary>Words of the special categories of GDPR articles 9 and 10; they count where their sentence says them of a person.</summary>
/// <remarks>
/// The sentence is read backwards from the word: <c>my</c> or <c>Anna's</c> right before it, or a verb such as <c>has</c> before which a person stands.
/// A market, a drug or a view on either is no person, and what a noun behind the word makes of it (<c>cancer drug</c>) is no illness.
/// </remarks>
internal static class SpecialCategories
{
    private const int WithPerson = 60;
    private const int PersonFurther = 45;
    private const int Alone = 28;
    private const int MostBetween = 5;
    private const int MostBeforeVerb = 6;
    private const int MostOfSubject = 2;
    private const int Nearby = 8;

    /// <summary>Verbs and participles that say something of a person.</summary>
    private static readonly FrozenSet<ulong> Verbs = Hashes("""
        has have had having is are was were am be been being got gets get diagnosed suffers suffer suffering suffered recovering undergoing underwent battling fighting beat survived needs
        treated treating dying died hospitalised hospitalized living lives became went goes gone took takes taking
        convicted served voted votes vote converted joined joins released arrested practising practicing observant came belongs
        ist bin war hat hatte habe haben wurde sind leidet litt fehlt fehlte bekam bekommt hab wählt
        est suis était ai avait souffre atteint atteinte vote
        es está estoy estaba era tiene tengo tuvo padece padezco sufre sufro fue soy vota
        tem tenho teve estou estava sofre sou foi
        ha ho aveva soffre soffro è sono stato stata vota
        heeft heb had was lijdt kreeg wordt werd ben stemt
        jest jestem był była ma mam miał miała choruje choruję cierpi cierpię głosuje została został
        är har hade fick blev lider er havde fik hadde fikk ble röstar stemmer oli sai sairastaa kärsii je byl byla má měl měla trpí dostal dostala był była siedział siedziała estuvo tuvo
        """);

    /// <summary>Verbs that say "I" without the word.</summary>
    private static readonly FrozenSet<ulong> FirstPerson = Hashes("tengo estoy padezco sufro soy tenho estou sou soffro sono ho jestem mam choruję cierpię suis j'ai");

    /// <summary>Verbs whose subject may be left out; right at the start of a sentence a person is meant.</summary>
    private static readonly FrozenSet<ulong> WithoutSubject = Hashes("es está estuvo tiene tuvo padece fue é está tem teve è ha soffre jest był była ma miał miała siedział siedziała je byl byla má měl měla trpí");

    private static readonly FrozenSet<ulong> Possessives = Hashes("""
        my his her your their mein meine meiner meinem dein deine sein seine seiner ihr ihre ihrer mon ma mes ton ta son sa votre mi tu su meu minha seu sua teu tua mio mia suo sua tuo tua mijn zijn haar jouw mój moja moją moje jego jej
        mitt mina hennes hendes minun hänen můj jeho její мой моя моего моей мою его её ее мій моя його її vaimoni mieheni pomoni kollegani poikani tyttäreni äitini isäni veljeni siskoni ystäväni
        eşim annem babam kardeşim ablam abim oğlum kızım müdürüm patronum arkadaşım müşterim
        """);

    /// <summary>Words that may stand between the person, the verb and the word.</summary>
    private static readonly FrozenSet<ulong> Between = Hashes("""
        a an the now just also still already again recently currently very so quite clinically severely openly both really actually only that who which and to will might may could would
        been with of from in on for after out up as some stage type early late terminal acute severe mild chronic bad lung breast skin brain prostate pancreatic colon bone second first last year week month years months weeks two three four five six
        eine einen einem einer eines ein der die das an am im mit seit jetzt gerade schwer sehr auch wieder dass wegen aufgrund zwei drei vier jahre monate
        un une le la du de des au aux en qui que très depuis malade una uno el los las con por desde muy
        um uma com em muito grave di il del con molto malata malato een aan met op de het erg zwaar na w od ciężko chora chory bardzo nadal
        """);

    private static readonly FrozenSet<ulong> Articles = Hashes("the a an this these those der die das le la el il o het");

    private static readonly FrozenSet<ulong> Prepositions = Hashes("on in for of about at into over towards");

    /// <summary>Words before a preposition that make it one of an illness, such as <c>sick with</c>.</summary>
    private static readonly FrozenSet<ulong> BeforePrepositions = Hashes("off sick ill back out home away up patient hospital lot member because due");

    /// <summary>Words of opinions, deals and prices: what follows is no illness.</summary>
    private static readonly FrozenSet<ulong> Opinions = Hashes("""
        long short bullish bearish overweight underweight view views call idea thesis exposure buying selling covering covers cover coverage focused focus bet betting interested invested investing invest expert
        like similar metaphor kind sort price prices
        """);

    /// <summary>Subjects that are no person, right before the verb.</summary>
    private static readonly FrozenSet<ulong> NoPersons = Hashes("we it they this there market markets economy portfolio fund company stock system industry firm bank book desk deal inflation sector country wir noi");

    /// <summary>Owners of an employee as well as of a firm: they count where only a person can be what the phrase says.</summary>
    private static readonly FrozenSet<ulong> Ours = Hashes("our unser unsere notre nuestro nuestra nosso nossa nostro nostra ons onze nasz nasza");

    private static readonly int Health = PiiTypes.IndexOf("special-health");

    private static readonly FrozenSet<ulong> Negations = Hashes("not never no isn't isnt wasn't wasnt aren't ain't hasn't haven't hadn't doesn't didn't don't nor without nicht kein keine keinen nie pas jamais nunca não non niet geen nie nigdy");

    /// <summary>French persons before <c>a</c>, which is an article elsewhere.</summary>
    private static readonly FrozenSet<ulong> BeforeFrenchHas = Hashes("il elle qui mari femme fils fille père mère frère sœur soeur collègue monsieur madame maman papa voisin voisine client cliente ami amie patron patronne salarié salariée employé employée stagiaire copain copine compagnon compagne oncle tante cousin cousine");

    private static readonly ulong FrenchHas = Folding.HashToken("a");

    /// <summary>Finnish persons before <c>on</c>, which is a preposition elsewhere.</summary>
    private static readonly FrozenSet<ulong> BeforeFinnishIs = Hashes("hän pomo pomoni kollega kollegani asiakas vaimo vaimoni mies mieheni poikani tyttäreni äitini isäni veljeni siskoni ystäväni");

    private static readonly ulong FinnishIs = Folding.HashToken("on");

    /// <summary>Persons as one word, of every type of these categories.</summary>
    private static readonly FrozenSet<ulong> Persons = PiiTypes.All.Where(t => t.Reader == "lexicon").SelectMany(t => t.Near.Values).SelectMany(w => w)
        .Select(w => PreparedText.Of(w)).Where(w => w.Tokens.Length == 1 || (w.Tokens[0].Flags & TokenFlags.Unspaced) != 0).Select(w => Folding.HashToken(w.Folded)).ToFrozenSet();

    /// <summary>Characters that may stand between a person and the word where no blanks part words.</summary>
    private const string UnspacedBetween = "得了患有确诊为被是的曾经正在已妈爸妻先生太女儿子姐妹哥弟老公婆父母亲同事板客户她他我您你很又也刚最近去今年查出诊断做过因说说去信了怀上个和还一直目前现在天请休は私彼女がの";

    private static FrozenSet<ulong> Hashes(string words) =>
        words.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(w => PreparedText.Of(w).Tokens[0].Hash).ToFrozenSet();

    /// <summary>Adds a phrase of a lexicon.</summary>
    /// <param name="scan">Where it goes.</param>
    /// <param name="i">Index of its first token.</param>
    /// <param name="count">How many tokens it has.</param>
    /// <param name="type">Index of the type.</param>
    internal static void Read(PiiScan scan, int i, int count, int type)
    {
        var text = scan.Text.Folded;
        var tokens = scan.Text.Tokens;
        int start = tokens[i].Start, end = tokens[i + count - 1].End;
        if (end < text.Length && text[end] == '-') { return; } // cancer-drug
        if (start > 0 && text[start - 1] == '#') { return; }
        if (IsPartOfAnother(scan.Text, i, count, type) || IsName(scan, i, count)) { return; }
        var confidence = IsSaidOfAPerson(scan.Text, i, count, type) ? WithPerson : IsPersonNearby(scan.Text, i, count) ? PersonFurther : Alone;
        scan.Add(start, end, type, confidence, validated: false);
    }

    /// <summary>Whether the last word is a given name before another: <c>this is Christian Baker</c>.</summary>
    private static bool IsName(PiiScan scan, int i, int count)
    {
        var tokens = scan.Text.Tokens;
        var next = i + count;
        return count > 1 && next < tokens.Length && Verbs.Contains(tokens[i].Hash) && tokens[next].Start == tokens[next - 1].End + 1 && scan.Text.Folded[tokens[next].Start - 1] == ' '
            && char.IsUpper(scan.OriginalAt(tokens[next - 1].Start)) && char.IsUpper(scan.OriginalAt(tokens[next].Start));
    }

    /// <summary>Whether a noun behind the phrase, or a word shortly before it, makes something else of it: a drug, a market, a policy.</summary>
    private static bool IsPartOfAnother(PreparedText text, int i, int count, int type)
    {
        var tokens = text.Tokens;
        var unspaced = (tokens[i].Flags & TokenFlags.Unspaced) != 0;
        var reach = unspaced ? 4 : 2;
        for (int n = i + count, passed = 0; n < tokens.Length && passed < reach && text.SameSentence(n - 1, n); n++, passed++)
        {
            if (text.Folded[tokens[n - 1].End..tokens[n].Start].IndexOfAny(',', ':', ';') >= 0) { break; }
            if (WordBook.At(text, n, Math.Min(tokens.Length, n + 4)).Not.Has(type)) { return true; }
            if (!unspaced && (Between.Contains(tokens[n].Hash) || Verbs.Contains(tokens[n].Hash) || Prepositions.Contains(tokens[n].Hash)) && !IsAnd(text, n, type)) { break; }
        }
        var before = unspaced ? 4 : 3;
        for (var n = i - 1; n >= 0 && i - n <= before && text.SameSentence(n, i); n--)
        {
            if (WordBook.At(text, n, i).Not.Has(type)) { return true; }
        }
        return false;
    }

    /// <summary>Whether a token joins the phrase to another of its type: <c>obesity and diabetes names</c>.</summary>
    private static bool IsAnd(PreparedText text, int n, int type) =>
        n + 1 < text.Tokens.Length && text.Folded[text.Tokens[n].Start..text.Tokens[n].End] is "and" && TriggerWords.At(text, n + 1, out _) is { Kind: TriggerKind.Lexicon } next && next.Value == type;

    private static bool IsSaidOfAPerson(PreparedText text, int i, int count, int type)
    {
        var tokens = text.Tokens;
        if ((tokens[i].Flags & TokenFlags.Unspaced) != 0) { return IsSaidUnspaced(text, i); }
        if (IsPerson(text, i, i + count)) { return true; } // "I'm disabled"
        if (FirstPerson.Contains(tokens[i].Hash)) { return true; }
        if (IsVerb(text, i)) { return HasSubject(text, i, type); }
        var unknown = 0;
        for (var n = i - 1; n >= 0 && i - n <= MostBetween && text.SameSentence(n, i); n--)
        {
            var hash = tokens[n].Hash;
            if (Negations.Contains(hash) || Opinions.Contains(hash)) { return false; }
            if ((tokens[n].Flags & TokenFlags.Digits) != 0 && tokens[n].End - tokens[n].Start < 3) { continue; } // 12 weeks pregnant
            if (FirstPerson.Contains(hash)) { return true; }
            if (Possessives.Contains(hash)) { return i - n <= 3; }
            if (IsContraction(text, n)) { return IsPersonBefore(text, n); }
            if (IsVerb(text, n)) { return HasSubject(text, n, type); }
            if (n > 0 && IsVerb(text, n - 1) && IsPerson(text, n, i)) { return true; } // is she pregnant
            if (Prepositions.Contains(hash))
            {
                if (n == 0 || !(IsVerb(text, n - 1) || BeforePrepositions.Contains(tokens[n - 1].Hash) || IsContraction(text, n - 1))) { return false; }
                continue;
            }
            // "у него рак": no verb stands between the person and the word.
            if (text.Folded[tokens[i].Start] is >= 'а' and <= 'ӿ' && IsPerson(text, n, i)) { return true; }
            if (!Between.Contains(hash) && !BeforePrepositions.Contains(hash) && ++unknown > 1) { return false; }
        }
        return false;
    }

    private static bool IsVerb(PreparedText text, int n) =>
        Verbs.Contains(text.Tokens[n].Hash) || (n > 0 && ((text.Tokens[n].Hash == FrenchHas && BeforeFrenchHas.Contains(text.Tokens[n - 1].Hash)) || (text.Tokens[n].Hash == FinnishIs && BeforeFinnishIs.Contains(text.Tokens[n - 1].Hash))));

    /// <summary>Whether a person is the subject of the verb at a token.</summary>
    private static bool HasSubject(PreparedText text, int verb, int type)
    {
        var tokens = text.Tokens;
        var unknown = 0;
        if (WithoutSubject.Contains(tokens[verb].Hash) && (verb == 0 || !text.SameSentence(verb - 1, verb))) { return true; }
        for (var n = verb - 1; n >= 0 && verb - n <= MostBeforeVerb && text.SameSentence(n, verb); n--)
        {
            var hash = tokens[n].Hash;
            if (Negations.Contains(hash) || Opinions.Contains(hash)) { return false; }
            if (FirstPerson.Contains(hash)) { return true; }
            if (IsContraction(text, n) && !IsPersonBefore(text, n)) { return false; }
            if (n != verb - 1 && (Possessives.Contains(hash) || Ours.Contains(hash))) { return type != Health; }
            if (IsPerson(text, n, verb) || IsContraction(text, n)) { return true; }
            if (NoPersons.Contains(hash) || (unknown > 0 && Articles.Contains(hash))) { return false; } // the fall was arrested
            if (IsVerb(text, n) || Between.Contains(hash) || Prepositions.Contains(hash)) { continue; }
            if (++unknown > MostOfSubject) { return false; }
        }
        return false;
    }

    /// <summary>Whether a token ends in <c>'s</c>, <c>'ve</c>, <c>'d</c>, <c>'m</c> or <c>'re</c>.</summary>
    private static bool IsContraction(PreparedText text, int n)
    {
        var word = text.Folded[text.Tokens[n].Start..text.Tokens[n].End];
        var apostrophe = word.LastIndexOf('\'');
        return apostrophe > 0 && word.Length - apostrophe is 2 or 3;
    }

    /// <summary>Whether what stands before the apostrophe of a token is a person.</summary>
    private static bool IsPersonBefore(PreparedText text, int n)
    {
        var word = text.Folded[text.Tokens[n].Start..text.Tokens[n].End];
        var hash = Folding.HashToken(word[..word.LastIndexOf('\'')]);
        return Persons.Contains(hash) || TriggerWords.IsName(hash) || Persons.Contains(text.Tokens[n].Hash);
    }

    private static bool IsPerson(PreparedText text, int n, int limit) =>
        Persons.Contains(text.Tokens[n].Hash) || TriggerWords.At(text, n, out _) is { Kind: TriggerKind.Name } or { Second: TriggerKind.Name };

    private static bool IsPersonNearby(PreparedText text, int i, int count)
    {
        for (var n = i - 1; n >= 0 && i - n <= Nearby && text.SameSentence(n, i); n--)
        {
            if (IsPerson(text, n, i)) { return true; }
        }
        for (var n = i + count; n < text.Tokens.Length && n - i - count < Nearby && text.SameSentence(n, i); n++)
        {
            if (IsPerson(text, n, text.Tokens.Length)) { return true; }
        }
        return false;
    }

    /// <summary>The same where no blanks part words: a person, and nothing but a few characters of such sentences up to the phrase.</summary>
    private static bool IsSaidUnspaced(PreparedText text, int i)
    {
        var tokens = text.Tokens;
        var unknown = 0;
        for (var n = i - 1; n >= 0 && i - n <= 12 && text.SameSentence(n, i); n--)
        {
            var c = text.Folded[tokens[n].Start];
            if (c is '不' or '没' or '非' or '未') { return false; }
            for (var length = 1; length <= 2 && n + length <= i; length++)
            {
                if (Persons.Contains(Folding.HashToken(text.Folded[tokens[n].Start..tokens[n + length - 1].End]))) { return true; }
            }
            if (!UnspacedBetween.Contains(c) && ++unknown > 1) { return false; }
        }
        return false;
    }
}
