namespace Surveillance.Rules;

/// <summary>A phrase of a lexicon.</summary>
/// <param name="Text">Its words in order, parted by blanks, as written; a word of three letters or more may end in <c>*</c> for any ending.</param>
/// <param name="Stem">Whether the endings of its words do not count.</param>
public sealed record LexiconPhrase(string Text, bool Stem);

/// <summary>A named list of phrases.</summary>
/// <param name="Id">Its name, which is that of its file.</param>
/// <param name="Version">Its version, from 1.</param>
/// <param name="Title">What it holds, in a line.</param>
/// <param name="Phrases">The phrases in the order of the file, each once; never empty in a book that loaded.</param>
/// <param name="Hash">SHA-256 of its content in 64 lower-case hex digits; white space and the order of fields do not count.</param>
public sealed record Lexicon(string Id, int Version, string Title, IReadOnlyList<LexiconPhrase> Phrases, string Hash);
