namespace Surveillance.Jobs;

/// <summary>Does the runs of one kind of job. Goes on where the run was when it was stopped.</summary>
public interface IRunWorker
{
    /// <summary>The kind of job, such as <c>rescan</c>.</summary>
    string Kind { get; }

    /// <summary>Works until the run has come to its end.</summary>
    /// <param name="run">The run as it is stored.</param>
    /// <param name="pace">Told of every item that is behind it.</param>
    /// <param name="cancel">Stops within two seconds, leaving what is stored whole; the run goes on there another time.</param>
    /// <exception cref="RunFailedException">It cannot go on, now or another time.</exception>
    Task WorkAsync(Run run, RunPace pace, CancellationToken cancel);
}

/// <summary>A run cannot go on.</summary>
/// <param name="reason">Why, for people; no words of a message.</param>
public sealed class RunFailedException(string reason) : Exception(reason);
