namespace Enneo.Core.Activity;

public enum ActorKind
{
    /// <summary>Enneo itself, in a job.</summary>
    System,

    /// <summary>A signed-in person.</summary>
    User,

    /// <summary>Whoever wrote or changed mail on the mail server.</summary>
    MailServer,

    /// <summary>The person at the machine, by a command.</summary>
    Operator,
}

/// <summary>Who did something.</summary>
/// <param name="UserId">Only for <see cref="ActorKind.User"/>.</param>
/// <param name="Address">The network address of the person's browser, where it is known.</param>
public sealed record Actor(ActorKind Kind, long? UserId = null, string? Address = null)
{
    public static readonly Actor System = new(ActorKind.System);
    public static readonly Actor MailServer = new(ActorKind.MailServer);
    public static readonly Actor Operator = new(ActorKind.Operator);

    /// <summary>The key by which a program acts in the person's name; null where they act themselves.</summary>
    public long? ApiKeyId { get; init; }

    public static Actor User(long userId, string? address = null) => new(ActorKind.User, userId, address);
}
