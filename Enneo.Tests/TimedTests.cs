
namespace Enneo.Tests;

/// <summary>Tests that measure time: they run when no others do, one class after the other.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TimedTests
{
    public const string Name = "Timed";
}
