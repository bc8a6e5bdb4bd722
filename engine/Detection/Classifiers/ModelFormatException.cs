namespace Surveillance.Detection.Classifiers;

/// <summary>A model file that cannot be used; the message says what is wrong with it and what to do.</summary>
public sealed class ModelFormatException : Exception
{
    /// <summary>Says what is wrong.</summary>
    /// <param name="message">One or two sentences, without the path of the file.</param>
    public ModelFormatException(string message) : base(message) { }
}
