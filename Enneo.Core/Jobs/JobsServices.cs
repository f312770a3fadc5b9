using Microsoft.Extensions.DependencyInjection;
using Quartz;

namespace Enneo.Core.Jobs;

internal static class JobsServices
{
    public static IServiceCollection AddJobs(this IServiceCollection services) => services.AddSingleton<SteadyWork>();

    /// <summary>Has a registered class work regularly.</summary>
    /// <param name="first">How long after the start it works for the first time.</param>
    public static IServiceCollection AddRegular<TWork>(this IServiceCollection services, JobKey key, TimeSpan every, TimeSpan first)
        where TWork : class, IRegularWork => services.AddHostedService(provider => new RegularSchedule<TWork>(
            provider.GetRequiredService<ISchedulerFactory>(), provider.GetRequiredService<TimeProvider>(), key, every, first));
}
