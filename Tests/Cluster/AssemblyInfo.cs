// Most of a test is waiting, for silos to start and for failures to be noticed: as many go side by side as there are processors.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.Collections)]
