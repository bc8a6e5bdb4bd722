return await Surveillance.Dashboard.Commands.CommandLine.RunAsync(args);
