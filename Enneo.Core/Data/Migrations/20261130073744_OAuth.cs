using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Enneo.Core.Data.Migrations
{
    /// <inheritdoc />
    public partial class OAuth : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "ProviderId",
                table: "microsoft365_attempts",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "ProviderId",
                table: "microsoft365_accounts",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "oauth_providers",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Name = table.Column<string>(type: "TEXT", nullable: false, collation: "NOCASE"),
                    IsGoogle = table.Column<bool>(type: "INTEGER", nullable: false),
                    Authority = table.Column<string>(type: "TEXT", nullable: false),
                    AuthorizeAddress = table.Column<string>(type: "TEXT", nullable: false),
                    TokenAddress = table.Column<string>(type: "TEXT", nullable: false),
                    ClientId = table.Column<string>(type: "TEXT", nullable: false),
                    ProtectedSecret = table.Column<string>(type: "TEXT", nullable: false),
                    Scopes = table.Column<string>(type: "TEXT", nullable: false),
                    Extra = table.Column<string>(type: "TEXT", nullable: false),
                    Mechanism = table.Column<string>(type: "TEXT", nullable: false),
                    ImapHost = table.Column<string>(type: "TEXT", nullable: false),
                    ImapPort = table.Column<int>(type: "INTEGER", nullable: false),
                    ImapSecurity = table.Column<string>(type: "TEXT", nullable: false),
                    SmtpHost = table.Column<string>(type: "TEXT", nullable: false),
                    SmtpPort = table.Column<int>(type: "INTEGER", nullable: false),
                    SmtpSecurity = table.Column<string>(type: "TEXT", nullable: false),
                    TrustedCertificate = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_oauth_providers", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_microsoft365_attempts_ProviderId",
                table: "microsoft365_attempts",
                column: "ProviderId");

            migrationBuilder.CreateIndex(
                name: "IX_microsoft365_accounts_ProviderId",
                table: "microsoft365_accounts",
                column: "ProviderId");

            migrationBuilder.CreateIndex(
                name: "IX_oauth_providers_Name",
                table: "oauth_providers",
                column: "Name",
                unique: true);

            migrationBuilder.AddForeignKey(
                name: "FK_microsoft365_accounts_oauth_providers_ProviderId",
                table: "microsoft365_accounts",
                column: "ProviderId",
                principalTable: "oauth_providers",
                principalColumn: "Id",
                onDelete: ReferentialAction.Restrict);

            migrationBuilder.AddForeignKey(
                name: "FK_microsoft365_attempts_oauth_providers_ProviderId",
                table: "microsoft365_attempts",
                column: "ProviderId",
                principalTable: "oauth_providers",
                principalColumn: "Id",
                onDelete: ReferentialAction.Cascade);

            migrationBuilder.AddColumn<string>(
                name: "OpinionReason",
                table: "spam_verdicts",
                type: "TEXT",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<double>(
                name: "ProbabilityAlone",
                table: "spam_verdicts",
                type: "REAL",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "FK_microsoft365_accounts_oauth_providers_ProviderId",
                table: "microsoft365_accounts");

            migrationBuilder.DropForeignKey(
                name: "FK_microsoft365_attempts_oauth_providers_ProviderId",
                table: "microsoft365_attempts");

            migrationBuilder.DropTable(
                name: "oauth_providers");

            migrationBuilder.DropIndex(
                name: "IX_microsoft365_attempts_ProviderId",
                table: "microsoft365_attempts");

            migrationBuilder.DropIndex(
                name: "IX_microsoft365_accounts_ProviderId",
                table: "microsoft365_accounts");

            migrationBuilder.DropColumn(
                name: "ProviderId",
                table: "microsoft365_attempts");

            migrationBuilder.DropColumn(
                name: "ProviderId",
                table: "microsoft365_accounts");

            migrationBuilder.DropColumn(
                name: "OpinionReason",
                table: "spam_verdicts");

            migrationBuilder.DropColumn(
                name: "ProbabilityAlone",
                table: "spam_verdicts");
        }
    }
}
