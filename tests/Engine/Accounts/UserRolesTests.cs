using Surveillance.Accounts;

namespace Surveillance.Engine.Tests.Accounts;

public sealed class UserRolesTests
{
    [Fact]
    public void WordOf_EveryRole_ReadsBack()
    {
        foreach (var role in Enum.GetValues<UserRole>())
        {
            Assert.True(UserRoles.TryParse(UserRoles.WordOf(role), out var read));
            Assert.Equal(role, read);
        }
    }

    [Fact]
    public void ScopesOf_EveryRole_AreKnownAndInOrder()
    {
        foreach (var role in Enum.GetValues<UserRole>())
        {
            Assert.Equal(Scopes.All.Where(UserRoles.ScopesOf(role).Contains), UserRoles.ScopesOf(role));
        }
    }

    [Fact]
    public void WithScope_Admin_OnlyTheAdministrator() => Assert.Equal(["administrator"], UserRoles.WithScope(Scopes.Admin));

    [Theory]
    [InlineData("Analyst")]
    [InlineData("dpo")]
    [InlineData(null)]
    public void TryParse_UnknownWord_False(string? word) => Assert.False(UserRoles.TryParse(word, out _));
}
