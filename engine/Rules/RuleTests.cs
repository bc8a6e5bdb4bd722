using Surveillance.Messages;
using Surveillance.Rules.Source;

namespace Surveillance.Rules;

/// <summary>One case of a rule's tests: a conversation with what was consented before it.</summary>
/// <param name="Name">What the case shows, or null.</param>
/// <param name="Consent">Consent entries; all of them are known before the first message.</param>
/// <param name="Messages">The messages in their order, at least one, all of one conversation unless they say otherwise.</param>
/// <param name="Span">Where the case stands.</param>
public sealed record RuleTestCase(string? Name, IReadOnlyList<ConsentEntry> Consent, IReadOnlyList<CapturedMessage> Messages, SourceSpan Span);

/// <summary>What a rule must find and what it must leave alone.</summary>
/// <param name="FiresOn">Cases in which the rule matches on at least one message; never empty.</param>
/// <param name="SilentOn">Cases in which the rule matches on none; never empty.</param>
public sealed record RuleTests(IReadOnlyList<RuleTestCase> FiresOn, IReadOnlyList<RuleTestCase> SilentOn);
