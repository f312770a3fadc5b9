using Microsoft.Extensions.DependencyInjection;

namespace Enneo.Core.Contacts;

internal static class ContactsServices
{
    public static IServiceCollection AddContacts(this IServiceCollection services) => services.AddSingleton<ContactQueries>();
}
