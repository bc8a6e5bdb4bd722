using Surveillance.Dashboard.Accounts;

namespace Surveillance.Dashboard.Tests.Accounts;

public sealed class SiteAddressTests
{
    [Theory]
    [InlineData("http://localhost:5080", "http://localhost:5080")]
    [InlineData("http://0.0.0.0:5080/", "http://localhost:5080")]
    [InlineData("https://[::]:5081", "https://localhost:5081")]
    [InlineData("http://10.0.0.7:80", "http://10.0.0.7:80")]
    public void Browsable_EveryInterface_IsLocalhost(string listened, string browsable) => Assert.Equal(browsable, SiteAddress.Browsable(listened));
}
