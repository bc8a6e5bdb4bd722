namespace Surveillance.Detection;

/// <summary>Scores a message with a trained model. Immutable; any number of threads may use one.</summary>
public interface ITextClassifier
{
    /// <summary>The model's name, such as <c>marketing</c>: what rules write.</summary>
    string Name { get; }

    /// <summary>SHA-256 of the model file, 64 lower-case hex digits: what an alert's proof names.</summary>
    string Hash { get; }

    /// <summary>The calibrated probability that the message belongs to the model's family, 0 to 1 in steps of 0.001. The same on every processor.</summary>
    /// <param name="message">The message.</param>
    double Score(PreparedMessage message);
}
