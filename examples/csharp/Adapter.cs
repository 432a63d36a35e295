using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Web.Script.Serialization;
using Shop;

/// <summary>Connects the shop of this folder to the kit: one JSON object a line, in and out. No verdicts here.</summary>
public sealed class Adapter
{
    private static readonly string[] Operations =
    {
        "hello", "configure", "reset", "presign", "sign", "verify", "expect", "create_qr_code", "cancel", "refund",
        "notify", "trade",
    };
    private static readonly Dictionary<string, object> Nothing = new Dictionary<string, object>();

    /// <summary>An operation, or one call, that the shop cannot do.</summary>
    private sealed class Unsupported : Exception { public Unsupported(string reason) : base(reason) { } }

    private Account account = TestAccount.Make();
    private Ledger ledger = new Ledger();
    private DateTimeOffset? now;

    public static void Main()
    {
        var json = new JavaScriptSerializer { MaxJsonLength = 1 << 24 };
        var adapter = new Adapter();
        using (var input = new StreamReader(Console.OpenStandardInput(), Encoding.UTF8))
        using (var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)))
        {
            for (string line; (line = input.ReadLine()) != null;)
            {
                var request = json.Deserialize<Dictionary<string, object>>(line);
                var answer = adapter.Answer(request);
                answer["id"] = request["id"];
                output.Write(json.Serialize(answer) + "\n");
                output.Flush();
            }
        }
    }

    private Dictionary<string, object> Answer(Dictionary<string, object> request)
    {
        try
        {
            now = Text(request, "now") == null ? (DateTimeOffset?)null
                : DateTimeOffset.Parse(Text(request, "now"), CultureInfo.InvariantCulture);
            var args = request.ContainsKey("args") ? (Dictionary<string, object>)request["args"] : Nothing;
            return One("result", CarryOut(Text(request, "op"), args));
        }
        catch (Refused refused)
        {
            return One("refused", One("reason", refused.Message));
        }
        catch (Unsupported unsupported)
        {
            return One("unsupported", One("reason", unsupported.Message));
        }
        catch (Exception error)
        {
            return One("error", new Dictionary<string, object> { ["message"] = error.Message, ["traceback"] = error.ToString() });
        }
    }

    private Dictionary<string, object> CarryOut(string op, Dictionary<string, object> args)
    {
        Func<string, string> text = name => Text(args, name);
        var shop = new Merchant(account, ledger, () => now ?? DateTimeOffset.UtcNow);
        switch (op)
        {
            case "hello": return Hello(text("protocol"));
            case "configure": account = AccountOf(args); return Nothing;
            case "reset": ledger = new Ledger(); return Nothing;
            case "presign":
                return One("base64", Convert.ToBase64String(Signing.Presign(Params(args), text("charset"))));
            case "sign": return One("sign", Signing.Sign(account, Params(args), text("charset"), text("sign_type")));
            case "verify": return One("valid", Signing.Verify(account, Params(args), text("charset")));
            case "expect":
                shop.Expect(text("out_trade_no"), text("qrcode"), text("total_fee"), text("currency"));
                return Nothing;
            case "create_qr_code":
                return shop.CreateQrCode((Dictionary<string, object>)args["biz_data"], text("notify_url"), text("gateway_url"));
            case "cancel": return shop.Cancel(text("out_trade_no"), text("trade_no"), text("gateway_url"));
            case "refund": return shop.Refund(args, text("gateway_url"));
            case "notify":
                return One("reply", shop.Notify(text("method") ?? "POST", Convert.FromBase64String(text("body_base64"))));
            case "trade": return shop.Look(text("out_trade_no"));
            default: throw new Unsupported("unknown operation " + op);
        }
    }

    private static Dictionary<string, object> Hello(string protocol)
    {
        if (protocol != "1") throw new Unsupported("this adapter speaks protocol 1");
        return new Dictionary<string, object>
        {
            ["protocol"] = "1", ["name"] = "example shop in C#", ["version"] = "1.0", ["language"] = "C#",
            ["operations"] = Operations, ["sign_types"] = new[] { "MD5", "RSA", "RSA2" },
            ["charsets"] = new[] { "UTF-8", "GBK", "GB2312" }, ["clock"] = true, ["parallel"] = true,
            ["runtime"] = "CLR " + Environment.Version,
        };
    }

    private static Account AccountOf(Dictionary<string, object> args)
    {
        return new Account(Text(args, "partner"), Text(args, "sign_type"), Text(args, "charset"), Text(args, "md5_key"),
            Text((Dictionary<string, object>)args["merchant_private_key"], "pkcs1_pem"),
            Text((Dictionary<string, object>)args["alipay_public_key"], "pem"), Text(args, "gateway_url"),
            Text(args, "notify_url"),
            TimeSpan.FromSeconds(double.Parse(Text(args, "gateway_timeout"), CultureInfo.InvariantCulture)));
    }

    private static List<Pair> Params(Dictionary<string, object> args)
    {
        return ((ArrayList)args["params"]).Cast<ArrayList>()
            .Select(pair => new Pair((string)pair[0], (string)pair[1])).ToList();
    }

    private static string Text(Dictionary<string, object> args, string name)
    {
        return args.TryGetValue(name, out var value) ? value as string : null;
    }

    private static Dictionary<string, object> One(string name, object value)
    {
        return new Dictionary<string, object> { [name] = value };
    }
}
