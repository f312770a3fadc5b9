using System.Collections.Concurrent;

namespace Enneo.Tests.Microsoft365;

/// <summary>What was agreed to in the directory: by people for themselves, and by an administrator for the app.</summary>
internal sealed class EntraRights
{
    private readonly ConcurrentDictionary<(Guid Person, string Scope), byte> _agreed = new();

    /// <summary>Of the app itself, by the end of the resource's name.</summary>
    public ConcurrentDictionary<string, string[]> Roles { get; } = new(
        [new("/graph", ["Mail.Send", "Mail.ReadWrite"]), new("outlook.office.com", ["IMAP.AccessAsApp", "SMTP.SendAsApp"])]);

    /// <summary>What Exchange itself gives the app at Graph, for one mailbox each (RBAC for Applications): <c>Mail.Send support@example.com</c>.</summary>
    public ConcurrentDictionary<string, byte> InExchange { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Nobody can agree to these: their administrator took them out.</summary>
    public ConcurrentDictionary<string, byte> Withdrawn { get; } = new();

    /// <param name="scope">As it was asked for, parted by spaces.</param>
    public void Agree(EntraPerson person, string scope)
    {
        foreach (var agreed in scope.Split(' ', '+'))
        {
            _agreed[(person.ObjectId, agreed)] = 0;
        }
    }

    public bool Holds(EntraPerson person, IEnumerable<string> scopes) => scopes.All(scope => _agreed.ContainsKey((person.ObjectId, scope)));

    /// <summary>All that was agreed to at a resource.</summary>
    public IEnumerable<string> ScopesOf(EntraPerson person, string resource) => _agreed.Keys
        .Where(key => key.Person == person.ObjectId && key.Scope.Contains('/', StringComparison.Ordinal) && ResourceOf(key.Scope) == resource && !Withdrawn.ContainsKey(key.Scope[(key.Scope.LastIndexOf('/') + 1)..]))
        .Select(key => key.Scope);

    /// <summary>Only a token that the app asked for itself holds roles.</summary>
    public IEnumerable<string> RolesOf(string resource, string[] scopes) => scopes is [var all] && all.EndsWith("/.default", StringComparison.Ordinal)
        ? Roles.Where(pair => resource.EndsWith(pair.Key, StringComparison.Ordinal)).SelectMany(pair => pair.Value)
        : [];

    /// <summary>Exchange goes by two names.</summary>
    public static string ResourceOf(string scope) => scope[..scope.LastIndexOf('/')].Replace("outlook.office365.com", "outlook.office.com", StringComparison.Ordinal);
}
