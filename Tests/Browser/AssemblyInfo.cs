using Basgd.Browser.Tests;

// Each test keeps every core busy: side by side they would only wait for one another.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
[assembly: AssemblyFixture(typeof(Chromium))]
