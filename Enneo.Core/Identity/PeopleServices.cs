using Enneo.Core.Data;
using Enneo.Core.Identity.ApiKeys;
using Enneo.Core.Identity.Factors;
using Enneo.Core.Identity.Invitations;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Enneo.Core.Identity;

internal static class PeopleServices
{
    /// <summary>OWASP's figure for PBKDF2-HMAC-SHA512; hashes made with fewer rounds are made anew at the next sign-in.</summary>
    private const int HashIterations = 210_000;

    public static IServiceCollection AddPeople(this IServiceCollection services)
    {
        services.TryAddSingleton<IPasswordHasher<User>, PasswordHasher<User>>();
        services.TryAddSingleton<ILookupNormalizer, UpperInvariantLookupNormalizer>();
        services.Configure<PasswordHasherOptions>(hasher => hasher.IterationCount = HashIterations);
        services.Configure<IdentityOptions>(IdentitySchema.Configure);
        services.AddIdentityCore<User>().AddRoles<IdentityRole<long>>().AddEntityFrameworkStores<EnneoDbContext>();

        return services
            .AddSingleton<Accounts>()
            .AddSingleton<ActorNames>()
            .AddSingleton<Reaches>()
            .AddSingleton<PeopleEditing>()
            .AddSingleton<PeopleLinks>()
            .AddSingleton<LastSeen>()
            .AddSingleton<InvitationQueries>()
            .AddSingleton<Inviting>()
            .AddSingleton<NewApiKeyValidator>()
            .AddSingleton<ApiKeyEditing>()
            .AddSingleton<ApiKeyQueries>()
            .AddSingleton<ApiKeyCheck>()
            .AddSingleton<PasswordCheck>()
            .AddSingleton<SignInLog>()
            .AddSingleton<Sessions>()
            .AddSingleton<SecondStep>()
            .AddSingleton<AuthenticatorApps>()
            .AddSingleton<Passkeys>()
            .AddSingleton<RecoveryCodes>()
            .AddSingleton<SecondFactors>()
            .AddSingleton<FactorQueries>()
            .AddSingleton<FactorReset>();
    }
}
