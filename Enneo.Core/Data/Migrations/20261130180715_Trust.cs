using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Enneo.Core.Data.Migrations
{
    /// <inheritdoc />
    public partial class Trust : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "TrustedCertificate",
                table: "webhooks",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "UntrustedCertificate",
                table: "webhook_deliveries",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "GraphProblem",
                table: "microsoft365_accounts",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "GraphProblemAt",
                table: "microsoft365_accounts",
                type: "INTEGER",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "TrustedCertificate",
                table: "webhooks");

            migrationBuilder.DropColumn(
                name: "UntrustedCertificate",
                table: "webhook_deliveries");

            migrationBuilder.DropColumn(
                name: "GraphProblem",
                table: "microsoft365_accounts");

            migrationBuilder.DropColumn(
                name: "GraphProblemAt",
                table: "microsoft365_accounts");
        }
    }
}
