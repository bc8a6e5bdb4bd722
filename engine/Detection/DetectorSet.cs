using Surveillance.Detection.Language;
using Surveillance.Messages;

namespace Surveillance.Detection;

/// <summary>Finds PII in a message. Implementations are immutable and thread-safe.</summary>
public interface IPiiDetector
{
    /// <summary>Hash of everything that decides what it finds, lower-case hex digits.</summary>
    string Hash { get; }

    /// <summary>The hits in order of part and start; a pure function of the message.</summary>
    /// <param name="message">The message; read, not kept.</param>
    IReadOnlyList<PiiHit> Detect(PreparedMessage message);
}

/// <summary>Scores a message with a trained model. Implementations are immutable and thread-safe.</summary>
public interface ITextClassifier
{
    /// <summary>Its name, such as <c>marketing</c>; rules refer to it by that.</summary>
    string Name { get; }

    /// <summary>Hash of everything that decides a score, lower-case hex digits.</summary>
    string Hash { get; }

    /// <summary>Calibrated probability from 0 to 1 in steps of 0.001; the same on every processor.</summary>
    /// <param name="message">The message; read, not kept.</param>
    double Score(PreparedMessage message);
}

/// <summary>Tells whether somebody opts out of marketing contact. Implementations are immutable and thread-safe.</summary>
public interface IOptOutDetector
{
    /// <summary>Whether the words of the message opt out; a pure function of the message.</summary>
    /// <param name="message">The message; read, not kept.</param>
    bool IsOptOut(PreparedMessage message);
}

/// <summary>Which detectors to run. Values combine as a set.</summary>
[Flags]
public enum DetectorKinds
{
    /// <summary>None.</summary>
    None = 0,
    /// <summary>The PII detector.</summary>
    Pii = 1,
    /// <summary>The classifiers, the opt-out detector and the language.</summary>
    Scores = 2,
    /// <summary>Every detector.</summary>
    All = Pii | Scores,
}

/// <summary>The detectors that run together. Immutable and thread-safe.</summary>
public sealed class DetectorSet
{
    /// <summary>No detector: finds nothing and scores nothing.</summary>
    public static readonly DetectorSet Empty = new(new NoPii(), [], null);

    private readonly IPiiDetector _pii;
    private readonly ITextClassifier[] _classifiers;
    private readonly IOptOutDetector? _optOut;

    /// <summary>A set of detectors.</summary>
    /// <param name="pii">Finds PII.</param>
    /// <param name="classifiers">The classifiers that are loaded, each name once; their order does not matter.</param>
    /// <param name="optOut">Finds opt-outs; null finds none.</param>
    /// <exception cref="ArgumentException">Two classifiers have one name.</exception>
    public DetectorSet(IPiiDetector pii, IReadOnlyList<ITextClassifier> classifiers, IOptOutDetector? optOut)
    {
        _pii = pii;
        _optOut = optOut;
        _classifiers = [.. classifiers.OrderBy(c => c.Name, StringComparer.Ordinal)];
        for (var i = 1; i < _classifiers.Length; i++)
        {
            if (_classifiers[i].Name == _classifiers[i - 1].Name)
            {
                throw new ArgumentException($"Two classifiers are called {_classifiers[i].Name}.", nameof(classifiers));
            }
        }
    }

    /// <summary>Hash of everything that decides what personal data is found, lower-case hex digits.</summary>
    public string PiiHash => _pii.Hash;

    /// <summary>The classifiers in order of name.</summary>
    public IReadOnlyList<ITextClassifier> Classifiers => _classifiers;

    /// <summary>Runs the detectors: a pure function of the message.</summary>
    /// <param name="message">The message; read, not kept.</param>
    /// <param name="kinds">Which to run; what is left out finds nothing and scores nothing.</param>
    public MessageHits Detect(PreparedMessage message, DetectorKinds kinds = DetectorKinds.All)
    {
        var hits = MessageHits.None;
        if (kinds.HasFlag(DetectorKinds.Pii))
        {
            hits = hits with { Pii = _pii.Detect(message) };
        }
        if (kinds.HasFlag(DetectorKinds.Scores))
        {
            var scores = _classifiers.Length == 0 ? [] : new ClassifierScore[_classifiers.Length];
            for (var i = 0; i < scores.Length; i++)
            {
                scores[i] = new ClassifierScore(_classifiers[i].Name, _classifiers[i].Score(message));
            }
            hits = hits with
            {
                Scores = scores,
                OptOut = _optOut?.IsOptOut(message) ?? false,
                Language = DeclaredLanguage(message.Message) ?? LanguageGuesser.Guess(message.Text),
            };
        }
        return hits;
    }

    /// <summary>The language that the sender of the data gave, as its first subtag (RFC 5646) in lower case.</summary>
    private static string? DeclaredLanguage(CapturedMessage message)
    {
        if (string.IsNullOrWhiteSpace(message.Language))
        {
            return null;
        }
        var cut = message.Language.IndexOfAny(['-', '_']);
        var subtag = (cut < 0 ? message.Language : message.Language[..cut]).Trim().ToLowerInvariant();
        return subtag.Length is 2 or 3 && subtag.All(char.IsAsciiLetterLower) ? subtag : null;
    }

    private sealed class NoPii : IPiiDetector
    {
        public string Hash => "";

        public IReadOnlyList<PiiHit> Detect(PreparedMessage message) => [];
    }
}
