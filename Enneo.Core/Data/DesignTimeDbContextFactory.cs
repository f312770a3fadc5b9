using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Design;

namespace Enneo.Core.Data;

internal sealed class DesignTimeDbContextFactory : IDesignTimeDbContextFactory<EnneoDbContext>
{
    public EnneoDbContext CreateDbContext(string[] args) => new(EnneoDatabase.Options(new SqliteConnection("Data Source=:memory:")));
}
