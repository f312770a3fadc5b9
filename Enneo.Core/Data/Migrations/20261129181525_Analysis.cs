using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Enneo.Core.Data.Migrations
{
    /// <inheritdoc />
    public partial class Analysis : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "DueBy",
                table: "tickets",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "FirstResponseDueBy",
                table: "tickets",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Priority",
                table: "tickets",
                type: "TEXT",
                nullable: false,
                defaultValue: "Medium");

            migrationBuilder.AddColumn<long>(
                name: "AuthorId",
                table: "messages",
                type: "INTEGER",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "DueBy",
                table: "tickets");

            migrationBuilder.DropColumn(
                name: "FirstResponseDueBy",
                table: "tickets");

            migrationBuilder.DropColumn(
                name: "Priority",
                table: "tickets");

            migrationBuilder.DropColumn(
                name: "AuthorId",
                table: "messages");
        }
    }
}
