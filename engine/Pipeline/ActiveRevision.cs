using Surveillance.Rules;

namespace Surveillance.Pipeline;

/// <summary>A revision in force.</summary>
/// <param name="Activation">Position of the activation; messages after it are judged by the revision.</param>
/// <param name="Revision">What judges.</param>
/// <param name="Book">The rules it was made of.</param>
public sealed record ActiveRevision(long Activation, Revision Revision, RuleBook Book);

/// <summary>Gives the revision that an activation entry speaks of. Thread-safe.</summary>
public interface IRevisionSource
{
    /// <summary>The revision of an activation.</summary>
    /// <param name="entry">An entry of kind <see cref="Archive.EntryKind.Activation"/>.</param>
    /// <exception cref="Archive.ArchiveDamagedException">The entry does not say which rules it activates.</exception>
    ActiveRevision Read(Archive.ArchivedEntry entry);
}
