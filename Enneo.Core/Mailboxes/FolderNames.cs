namespace Enneo.Core.Mailboxes;

/// <summary>The names that servers and mail programs give to the folders of a purpose, best known first.</summary>
public static class FolderNames
{
    private static readonly Dictionary<FolderRole, string[]> s_names = new()
    {
        [FolderRole.Sent] =
        [
            "Sent", "Sent Items", "Sent Messages", "Sent Mail", "Gesendet", "Gesendete Objekte", "Gesendete Elemente", "Gesendete Nachrichten",
            "Envoyés", "Éléments envoyés", "Messages envoyés", "Courrier envoyé", "Enviados", "Elementos enviados", "Mensajes enviados", "Correo enviado",
            "Inviata", "Posta inviata", "Inviati", "Messaggi inviati",
        ],
        [FolderRole.Drafts] = ["Drafts", "Draft", "Entwürfe", "Entwurf", "Brouillons", "Borradores", "Borrador", "Bozze"],
        [FolderRole.Junk] =
        [
            "Junk", "Spam", "Junk E-mail", "Junk Email", "Junk Mail", "Bulk Mail", "Junk-E-Mail", "Spamverdacht", "Unerwünscht", "Unerwünschte Werbung",
            "Courrier indésirable", "Indésirables", "Pourriel", "Pourriels", "Correo no deseado", "No deseado", "Correo basura", "Posta indesiderata", "Indesiderata",
        ],
        [FolderRole.Trash] =
        [
            "Trash", "Deleted Items", "Deleted Messages", "Deleted", "Bin", "Papierkorb", "Gelöschte Elemente", "Gelöschte Objekte", "Gelöscht",
            "Corbeille", "Éléments supprimés", "Messages supprimés", "Papelera", "Elementos eliminados", "Eliminados", "Cestino", "Posta eliminata", "Elementi eliminati",
        ],
        [FolderRole.Archive] = ["Archive", "Archives", "Archived", "Archiv", "Archivo", "Archivados", "Archivio"],
    };

    /// <returns>How well known the name is for the purpose, 0 best; null if it is none of its names.</returns>
    public static int? RankOf(string name, FolderRole role)
    {
        var names = s_names.GetValueOrDefault(role) ?? [];
        var rank = Array.FindIndex(names, known => known.Equals(Composed(name), StringComparison.OrdinalIgnoreCase));
        return rank < 0 ? null : rank;
    }

    private static string Composed(string name)
    {
        try
        {
            return name.Normalize();
        }
        catch (ArgumentException) // what is no character, as it is
        {
            return name;
        }
    }
}
