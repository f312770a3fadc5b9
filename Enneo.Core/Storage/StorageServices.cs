using Microsoft.Extensions.DependencyInjection;

namespace Enneo.Core.Storage;

internal static class StorageServices
{
    public static IServiceCollection AddStorage(this IServiceCollection services) => services.AddSingleton<MessageStore>();
}
