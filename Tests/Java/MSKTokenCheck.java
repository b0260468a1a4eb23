import java.lang.instrument.Instrumentation;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.security.auth.callback.Callback;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerExtensionsValidatorCallback;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerToken;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallback;

/**
 * Lets a broker take what Amazon MSK takes: a signed address for kafka-cluster:Connect as an OAUTHBEARER token. Knows one
 * access key; its secret is "secret". As a Java agent it is on the broker's class path.
 */
public final class MSKTokenCheck implements AuthenticateCallbackHandler {
    public static void premain(String arguments, Instrumentation instrumentation) {}

    @Override
    public void configure(Map<String, ?> configuration, String mechanism, List<AppConfigurationEntry> entries) {}

    @Override
    public void close() {}

    @Override
    public void handle(Callback[] callbacks) {
        for (Callback callback : callbacks) {
            if (callback instanceof OAuthBearerValidatorCallback validation) {
                try {
                    validation.token(checked(validation.tokenValue()));
                } catch (Exception error) {
                    validation.error("invalid_token: " + error.getMessage(), null, null);
                }
            } else if (callback instanceof OAuthBearerExtensionsValidatorCallback extensions) {
                extensions.inputExtensions().map().keySet().forEach(extensions::valid);
            }
        }
    }

    private static OAuthBearerToken checked(String token) throws Exception {
        URI address = URI.create(new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8));
        Map<String, String> query = Arrays.stream(address.getRawQuery().split("&"))
            .collect(Collectors.toMap(pair -> pair.split("=")[0], pair -> pair.substring(pair.indexOf('=') + 1)));
        String[] scope = query.get("X-Amz-Credential").split("%2F");
        require(address.getHost().equals("kafka." + scope[2] + ".amazonaws.com"), "another host");
        require(query.get("Action").equals("kafka-cluster%3AConnect"), "another action");
        require(scope[3].equals("kafka-cluster"), "another service");
        String signed = Arrays.stream(address.getRawQuery().split("&"))
            .filter(pair -> !pair.startsWith("X-Amz-Signature=") && !pair.startsWith("User-Agent="))
            .sorted().collect(Collectors.joining("&"));
        String request = "GET\n/\n" + signed + "\nhost:" + address.getHost() + "\n\nhost\n" + sha256("");
        byte[] key = "AWS4secret".getBytes(StandardCharsets.UTF_8);
        for (int part = 1; part < scope.length; part++) key = hmac(key, scope[part]);
        String place = String.join("/", Arrays.copyOfRange(scope, 1, scope.length));
        String text = "AWS4-HMAC-SHA256\n" + query.get("X-Amz-Date") + "\n" + place + "\n" + sha256(request);
        String signature = HexFormat.of().formatHex(hmac(key, text));
        require(signature.equals(query.get("X-Amz-Signature")), "another signature");
        return new Token(token, System.currentTimeMillis() + 900_000, scope[0]);
    }

    private record Token(String value, long lifetimeMs, String principalName) implements OAuthBearerToken {
        @Override
        public Set<String> scope() { return Set.of(); }

        @Override
        public Long startTimeMs() { return null; }
    }

    private static void require(boolean holds, String problem) {
        if (!holds) throw new IllegalArgumentException(problem);
    }

    private static String sha256(String text) throws Exception {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private static byte[] hmac(byte[] key, String text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    }
}
