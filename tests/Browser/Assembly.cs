using Surveillance.Browser.Tests;

[assembly: AssemblyFixture(typeof(Chromium))]
