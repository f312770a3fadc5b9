using Enneo.Core.Sync;

namespace Enneo.Tests.Sync;

public sealed class SyncPlanTests
{
    [Fact]
    public void NamesWhatIsMissingNewestFirstWhatVanishedAndWhatCameBack()
    {
        var plan = SyncPlan.Between([1, 2, 4, 7], new Dictionary<uint, bool> { [1] = true, [2] = false, [3] = true, [5] = false });

        Assert.Equal([7u, 4u], plan.Missing);
        Assert.Equal([3u], plan.Vanished);
        Assert.Equal([2u], plan.Returned);
    }
}
